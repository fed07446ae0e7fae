import { ChatError, type CommandInput, type CommandOutput, type Message, StructuredData } from "@chat-widget/protocol";
import type { PassedText } from "../policy/moderate.js";
import type { Room } from "../rooms/room.js";
import { type CommandContext, openRoom } from "./command-context.js";
import { type DraftedAppend, type Reviewed, type Writer, appendOf, checkSize } from "./draft.js";
import { type TextDraft, flagged } from "./flag.js";

/** Makes `message.sent` of a wish to send. */
export async function draftMessage(writer: Writer, room: Room, input: CommandInput<"message:send">): Promise<DraftedAppend> {
  const { roomId: _roomId, id, text, data, attachments: asked, ...said } = input;
  if (data !== undefined) checkData(data);
  await writer.demand(room, "message:send");
  checkSize(text, writer.limits);
  if (said.replyTo !== undefined) await findMessage(room, said.replyTo);
  if (said.threadId !== undefined) refuseThread(await findMessage(room, said.threadId));
  else if (said.alsoInRoom !== undefined) throw new ChatError("conflict", "unable to send; `alsoInRoom` is for messages in a thread");
  const uploadIds = asked?.map(({ uploadId }) => uploadId) ?? [];
  const files = uploadIds.length > 0 ? { attachments: await writer.attach(room, id, uploadIds) } : {};
  const parts = { ...said, ...files, ...(data && { data: await writer.checkData(data) }), ...(writer.kind && { kind: writer.kind }) };
  const { flag, text: toStore } = await reviewed(writer, room, "message:send", text, files);
  await writer.takeTurn(room, id);
  const draft: TextDraft = { type: "message.sent", id, author: writer.profile, text: toStore, ...parts };
  return flagged(writer, room, appendOf(writer, draft, [text, said, data, writer.kind, ...uploadIds]), draft, flag);
}

/** Makes `message.edited` of a wish to edit. */
export async function draftEdit(writer: Writer, room: Room, { id, messageId, text, mentions }: CommandInput<"message:edit">): Promise<DraftedAppend> {
  const message = await findMessage(room, messageId);
  await writer.demand(room, "message:edit", message);
  if (message.deletedAt !== undefined) throw new ChatError("conflict", "unable to edit the message; it is deleted");
  checkSize(text, writer.limits);
  const { flag, text: toStore } = await reviewed(writer, room, "message:edit", text, { message });
  const draft: TextDraft = { type: "message.edited", id, by: writer.profile.id, messageId, text: toStore, ...(mentions && { mentions }) };
  const append = { ...appendOf(writer, draft, [messageId, text, mentions]), records: [room.edits.record(messageId, id)] };
  return flagged(writer, room, append, draft, flag, message);
}

/** Makes `message.deleted` of a wish to delete; nothing when it is deleted already. */
export async function draftDeletion(writer: Writer, room: Room, { id, messageId, publicReason, reason }: CommandInput<"message:delete">): Promise<DraftedAppend | undefined> {
  const message = await findMessage(room, messageId);
  await writer.demand(room, "message:delete", message);
  if (message.deletedAt !== undefined) return undefined;
  const isOwn = message.author.id === writer.profile.id || writer.formerIds?.includes(message.author.id) === true;
  if (publicReason !== undefined && isOwn) throw new ChatError("conflict", "unable to delete the message; a reason is for messages of others");
  const append = appendOf(writer, { type: "message.deleted", id, by: writer.profile.id, messageId, ...(publicReason && { publicReason }) }, [messageId, publicReason]);
  const pins = message.pinnedAt === undefined ? [] : [room.pins.record(messageId, false)];
  const deed = { action: "message.deleted", by: writer.profile.id, roomId: room.id, userId: message.author.id, messageId, ...(reason !== undefined && { reason }) };
  const notes = isOwn ? [] : writer.desk.audit.note(deed);
  return { ...append, records: [...pins, ...notes, ...(message.editedAt === undefined ? [] : await room.edits.endOf(messageId))] };
}

/** Before anything else looks at it: it may be as deep as a packet can be made. @throws {ChatError} `too-large` */
function checkData(data: StructuredData): void {
  const parsed = StructuredData.safeParse(data);
  if (!parsed.success) throw new ChatError("too-large", "unable to send; the message's data must have a type and an object of at most 8 KiB as JSON, eight levels deep");
}

function refuseThread({ threadId, deletedAt }: Message): void {
  if (threadId !== undefined) throw new ChatError("conflict", "unable to send into the thread; its root is in a thread itself");
  if (deletedAt !== undefined) throw new ChatError("conflict", "unable to send into the thread; its root is deleted");
}

async function reviewed(writer: Writer, room: Room, command: "message:send" | "message:edit", text: string, about: Reviewed): Promise<PassedText> {
  const toStore = await writer.review(room, command, text, about);
  checkSize(toStore.text, writer.limits);
  return toStore;
}

/** The message as it reads now. @throws {ChatError} `not-found` */
export async function findMessage(room: Room, messageId: string): Promise<Message> {
  const [message] = await room.messages([messageId]);
  if (message === undefined) throw new ChatError("not-found", "unable to find the message; there is none by this id in the room");
  return message;
}

export async function readMessages(context: CommandContext, { roomId, messageIds }: CommandInput<"message:read">): Promise<CommandOutput<"message:read">> {
  const room = await openRoom(context, roomId, "message:read");
  return { messages: await room.messages([...new Set(messageIds)]) };
}

export async function readHistory(context: CommandContext, input: CommandInput<"history:read">): Promise<CommandOutput<"history:read">> {
  const { roomId, before, after, around, threadId, limit } = input;
  const room = await openRoom(context, roomId, "history:read");
  return room.history({
    limit: context.pageSize(limit),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(around !== undefined && { around }),
    ...(threadId !== undefined && { threadId }),
  });
}
