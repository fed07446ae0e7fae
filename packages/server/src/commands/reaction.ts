import { ChatError, type CommandInput, type Limits, type Message } from "@chat-widget/protocol";
import type { Room } from "../rooms/room.js";
import type { Append } from "../stores/chat-store.js";
import { type Writer, appendOf } from "./draft.js";
import { findMessage } from "./message.js";

/** Different emoji of one user on one message. */
const mostOfUser = 20;
/** Reactions on one message, over all users: they are read with it every time. */
const mostOfMessage = 1_000;

/** Makes `reaction.added` of a wish to react; nothing when it is there already. Until it is stored or given up, `room.reactions` has to be held. */
export async function draftReaction(writer: Writer, room: Room, { id, messageId, emoji }: CommandInput<"reaction:add">): Promise<Append | undefined> {
  const message = await findMessage(room, messageId);
  await writer.demand(room, "reaction:add", message);
  refuseDeleted(message);
  if (hasReacted(message, emoji, writer.profile.id)) return undefined;
  const userId = writer.profile.id;
  const present = room.reactions.of(message);
  refuseFull(present, emoji, userId, writer.limits);
  room.reactions.add(messageId, { emoji, userId });
  return appendOf(writer, { type: "reaction.added", id, by: userId, messageId, emoji }, [messageId, emoji]);
}

/** Makes `reaction.removed` of a wish to take a reaction back; nothing when there is none. */
export async function draftReactionRemoval(
  writer: Writer,
  room: Room,
  { id, messageId, emoji }: CommandInput<"reaction:remove">,
): Promise<Append | undefined> {
  const message = await findMessage(room, messageId);
  await writer.demand(room, "reaction:remove", message);
  if (!hasReacted(message, emoji, writer.profile.id)) return undefined;
  room.reactions.drop(messageId, { emoji, userId: writer.profile.id });
  return appendOf(writer, { type: "reaction.removed", id, by: writer.profile.id, messageId, emoji }, [messageId, emoji]);
}

function refuseDeleted(message: Message): void {
  if (message.deletedAt !== undefined) throw new ChatError("conflict", "unable to react; the message is deleted");
}

/** @throws {ChatError} `too-large` */
function refuseFull(present: ReadonlyMap<string, ReadonlySet<string>>, emoji: string, userId: string, { reactionsPerMessage }: Limits): void {
  const refuse = (limit: number, what: string): never => {
    throw new ChatError("too-large", `unable to react; ${what}`, { details: { limit } });
  };
  const users = [...present.values()];
  if (!present.has(emoji) && present.size >= reactionsPerMessage) refuse(reactionsPerMessage, `the message has ${reactionsPerMessage} different emoji already`);
  if (users.filter((userIds) => userIds.has(userId)).length >= mostOfUser) refuse(mostOfUser, `the user has ${mostOfUser} reactions on the message already`);
  if (users.reduce((sum, { size }) => sum + size, 0) >= mostOfMessage) refuse(mostOfMessage, `the message has ${mostOfMessage} reactions already`);
}

function hasReacted(message: Message, emoji: string, userId: string): boolean {
  return message.reactions.some((reaction) => reaction.emoji === emoji && reaction.userIds.includes(userId));
}
