import { ChatError, type CommandInput, type Message } from "@chat-widget/protocol";
import type { Room } from "../rooms/room.js";
import type { Append } from "../stores/chat-store.js";
import { type Writer, appendOf } from "./draft.js";
import { findMessage } from "./message.js";

/** Makes `reaction.added` of a wish to react; nothing when it is there already. */
export async function draftReaction(writer: Writer, room: Room, { id, messageId, emoji }: CommandInput<"reaction:add">): Promise<Append | undefined> {
  const message = await findMessage(room, messageId);
  await writer.demand(room, "reaction:add", message);
  refuseDeleted(message);
  if (hasReacted(message, emoji, writer.profile.id)) return undefined;
  const { reactionsPerMessage } = writer.limits;
  if (message.reactions.length >= reactionsPerMessage && !message.reactions.some((reaction) => reaction.emoji === emoji)) {
    throw new ChatError("too-large", `unable to react; the message has ${reactionsPerMessage} different emoji already`, { details: { limit: reactionsPerMessage } });
  }
  return appendOf(writer, { type: "reaction.added", id, by: writer.profile.id, messageId, emoji }, [messageId, emoji]);
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
  return appendOf(writer, { type: "reaction.removed", id, by: writer.profile.id, messageId, emoji }, [messageId, emoji]);
}

function refuseDeleted(message: Message): void {
  if (message.deletedAt !== undefined) throw new ChatError("conflict", "unable to react; the message is deleted");
}

function hasReacted(message: Message, emoji: string, userId: string): boolean {
  return message.reactions.some((reaction) => reaction.emoji === emoji && reaction.userIds.includes(userId));
}
