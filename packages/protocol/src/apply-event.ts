import type { RoomEvent } from "./event.js";
import type { Message, Reaction, ThreadSummary } from "./message.js";

/**
 * What an event makes of a message that it changes (`messageIdsOf`); the one place that knows.
 *
 * An event that the message already holds (`event.seq <= message.rev`) changes nothing, so a page or a snapshot may be
 * followed by any events in order of `seq`, old ones included. An event applied before an earlier one hides it: whoever
 * receives out of order holds the early ones back. A change to a message that is not at hand gives `undefined`.
 * Deletion is final.
 */
export function applyEvent(message: Message | undefined, event: RoomEvent): Message | undefined {
  if (message === undefined) return event.type === "message.sent" ? messageOf(event) : undefined;
  if (event.seq <= message.rev) return message;
  const revised: Message = { ...message, rev: event.seq };
  if (threadOf(event) === message.id) return { ...revised, thread: threadAfter(message.thread, event) };
  if (!("messageId" in event)) return message;
  if (message.deletedAt !== undefined) return revised;
  const { pinnedAt: _pinnedAt, pinnedBy: _pinnedBy, ...unpinned } = revised;
  switch (event.type) {
    case "message.edited":
      return { ...silenced(revised), ...(message.data && { data: message.data }), ...(message.attachments && { attachments: message.attachments }), ...(event.mentions && { mentions: event.mentions }), text: event.text, editedAt: event.at };
    case "message.deleted":
      return { ...silenced(unpinned), reactions: [], deletedAt: event.at, deletedBy: event.by, ...(event.publicReason && { deletionReason: event.publicReason }) };
    case "message.pinned":
      return { ...revised, pinnedAt: event.at, pinnedBy: event.by };
    case "message.unpinned":
      return unpinned;
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

/** The ids of the messages an event changes, none when it is about the room: the one it is about, and the root of the thread that has one reply more or less by it. */
export function messageIdsOf(event: RoomEvent): string[] {
  const threadId = threadOf(event);
  return [messageIdOf(event), threadId].filter((id) => id !== undefined);
}

/** Whether a message is one of a thread's, or without a thread one of the room's. */
export function isAmong(threadId: string | undefined, message: Pick<Message, "threadId" | "alsoInRoom">): boolean {
  return message.threadId === threadId || (threadId === undefined && message.alsoInRoom === true);
}

/** The message without what its author said in it. */
function silenced({ mentions: _mentions, data: _data, attachments: _attachments, ...message }: Message): Message {
  return { ...message, text: "" };
}

function threadOf(event: RoomEvent): string | undefined {
  return "threadId" in event ? event.threadId : undefined;
}

function threadAfter(thread: ThreadSummary | undefined, { type, at, seq }: RoomEvent): ThreadSummary {
  const { count, ...last } = thread ?? { count: 0, lastAt: at, lastSeq: seq };
  return type === "message.sent" ? { count: count + 1, lastAt: at, lastSeq: seq } : { count: Math.max(0, count - 1), ...last };
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
