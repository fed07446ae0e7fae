import { ChatError, type CommandInput, type CommandOutput, type EventType, type Write, type WriteCommandName, type WriteResult } from "@chat-widget/protocol";
import type { Room } from "../rooms/room.js";
import type { Append, Appended } from "../stores/chat-store.js";
import { type CommandContext, openRoom, writerOf } from "./command-context.js";
import type { Writer } from "./draft.js";
import { draftDeletion, draftEdit, draftMessage } from "./message.js";
import { draftReaction, draftReactionRemoval } from "./reaction.js";

export async function writeBatch(context: CommandContext, { roomId, writes }: CommandInput<"room:write">): Promise<CommandOutput<"room:write">> {
  const { batchSize } = context.limits;
  if (writes.length > batchSize) {
    throw new ChatError("too-large", `unable to write; the batch has ${writes.length} commands and ${batchSize} are allowed`, { details: { limit: batchSize } });
  }
  const room = await openRoom(context, roomId, "room:write");
  return { results: await runWrites(writerOf(context), room, writes) };
}

/** The handler of one write command on its own. */
export function writeAlone<N extends WriteCommandName>(wrap: (input: CommandInput<N>) => Write) {
  return async (context: CommandContext, input: CommandInput<N>): Promise<CommandOutput<WriteCommandName>> => {
    const room = await openRoom(context, input.roomId, "room:write");
    return runWrite(writerOf(context), room, wrap(input));
  };
}

/** Does one write. @throws {ChatError} */
export async function runWrite(writer: Writer, room: Room, write: Write): Promise<CommandOutput<WriteCommandName>> {
  const [result] = await runWrites(writer, room, [write]);
  if (result === undefined) throw new ChatError("internal", "unable to write; nothing came of it");
  if (!result.ok) throw new ChatError(result.error);
  return result.data;
}

/**
 * Does writes in the order given and says how each ended. The first that may be tried again ends it; what follows
 * answers `aborted`, so that a client which asks again keeps its order. Writes that do not look at what others before
 * them made share a transaction.
 */
export async function runWrites(writer: Writer, room: Room, writes: readonly Write[]): Promise<WriteResult[]> {
  const results: WriteResult[] = [];
  let pending: { index: number; append: Append }[] = [];

  /** Commits what was drafted; false when the store could not. */
  const commit = async (): Promise<boolean> => {
    const group = pending;
    pending = [];
    if (group.length === 0) return true;
    try {
      const outcomes = await room.append(group.map(({ append }) => append));
      group.forEach(({ index }, place) => (results[index] = resultOf(outcomes[place])));
      return true;
    } catch (error) {
      group.forEach(({ index }, place) => (results[index] = place === 0 ? failed(writer.explain(error)) : aborted()));
      return false;
    }
  };

  for (const [index, write] of writes.entries()) {
    // A plain message depends on nothing; everything else reads messages that the group may be about to change.
    const isPlain = write.name === "message:send" && write.input.replyTo === undefined;
    if (!isPlain && !(await commit())) break;
    try {
      const append = await draft(writer, room, write);
      if (append === undefined) results[index] = { ok: true, data: {} };
      else pending.push({ index, append });
    } catch (error) {
      const explained = writer.explain(error);
      results[index] = (explained.retry === "no" ? await doneBefore(writer, room, write) : undefined) ?? failed(explained);
      if (explained.retry === "same") break;
    }
  }
  await commit();
  if (writes.some(({ name }) => name === "message:send")) room.typing.stop(writer.profile.id);
  return writes.map((_, index) => results[index] ?? aborted());
}

function draft(writer: Writer, room: Room, write: Write): Promise<Append | undefined> {
  switch (write.name) {
    case "message:send":
      return draftMessage(writer, room, write.input);
    case "message:edit":
      return draftEdit(writer, room, write.input);
    case "message:delete":
      return draftDeletion(writer, room, write.input);
    case "reaction:add":
      return draftReaction(writer, room, write.input);
    case "reaction:remove":
      return draftReactionRemoval(writer, room, write.input);
  }
}

/**
 * What a refused command became when it was asked before. It may have been done, its answer lost, and the world gone on:
 * an edit whose message was deleted since is refused as new and was none.
 */
async function doneBefore(writer: Writer, room: Room, { name, input }: Write): Promise<WriteResult | undefined> {
  const event = await room.event(input.id);
  if (event === undefined || event.type !== eventTypes[name]) return undefined;
  const isSame = event.type === "message.sent" ? event.author.id === writer.profile.id : event.by === writer.profile.id && "messageId" in input && event.messageId === input.messageId;
  return isSame ? { ok: true, data: { event } } : undefined;
}

const eventTypes: Record<WriteCommandName, EventType> = {
  "message:send": "message.sent",
  "message:edit": "message.edited",
  "message:delete": "message.deleted",
  "reaction:add": "reaction.added",
  "reaction:remove": "reaction.removed",
};

function resultOf(appended: Appended | undefined): WriteResult {
  if (appended === undefined) return failed(new ChatError("internal", "unable to write; the store gave no result"));
  if (appended.outcome === "conflict") return failed(new ChatError("conflict", "unable to write; the id was used for something else before"));
  return { ok: true, data: { event: appended.event } };
}

function failed(error: ChatError): WriteResult {
  return { ok: false, error: error.toJSON() };
}

function aborted(): WriteResult {
  return failed(new ChatError("aborted", "unable to write; an earlier command of the batch failed"));
}
