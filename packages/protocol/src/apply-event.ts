import type { RoomEvent } from "./event.js";
import type { Message, Reaction } from "./message.js";

/**
 * What an event makes of the message it is about; the one place that knows.
 *
 * An event that the message already holds (`event.seq <= message.rev`) changes nothing, so a page or a snapshot may be
 * followed by any events in order of `seq`, old ones included. An event applied before an earlier one hides it: whoever
 * receives out of order holds the early ones back. A change to a message that is not at hand gives `undefined`.
 * Deletion is final.
 */
export function applyEvent(message: Message | undefined, event: RoomEvent): Message | undefined {
  if (event.type === "message.sent") return message ?? messageOf(event);
  if (message === undefined || event.seq <= message.rev || !("messageId" in event)) return message;
  const revised: Message = { ...message, rev: event.seq };
  if (message.deletedAt !== undefined) return revised;
  const { mentions: _mentioned, ...rest } = revised;
  switch (event.type) {
    case "message.edited":
      return { ...rest, ...(event.mentions && { mentions: event.mentions }), text: event.text, editedAt: event.at };
    case "message.deleted":
      return { ...rest, text: "", reactions: [], deletedAt: event.at, deletedBy: event.by };
    case "reaction.added":
      return { ...revised, reactions: withReaction(message.reactions, event.emoji, event.by) };
    case "reaction.removed":
      return { ...revised, reactions: withoutReaction(message.reactions, event.emoji, event.by) };
  }
}

/** The id of the message an event is about; undefined when it is about the room. */
export function messageIdOf(event: RoomEvent): string | undefined {
  if (event.type === "message.sent") return event.id;
  return "messageId" in event ? event.messageId : undefined;
}

function messageOf(event: Extract<RoomEvent, { type: "message.sent" }>): Message {
  const { type: _type, at, ...said } = event;
  return { ...said, rev: event.seq, sentAt: at, reactions: [] };
}

function withReaction(reactions: Reaction[], emoji: string, userId: string): Reaction[] {
  if (!reactions.some((reaction) => reaction.emoji === emoji)) return [...reactions, { emoji, userIds: [userId] }];
  return reactions.map((reaction) =>
    reaction.emoji === emoji && !reaction.userIds.includes(userId) ? { emoji, userIds: [...reaction.userIds, userId] } : reaction,
  );
}

function withoutReaction(reactions: Reaction[], emoji: string, userId: string): Reaction[] {
  return reactions
    .map((reaction) => (reaction.emoji === emoji ? { emoji, userIds: reaction.userIds.filter((id) => id !== userId) } : reaction))
    .filter((reaction) => reaction.userIds.length > 0);
}
