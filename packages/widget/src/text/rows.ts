import type { RoomMessage } from "@chat-widget/client";
import { isSameDay } from "./time.js";

/** One message and where it stands among its neighbours. */
export interface Row {
  readonly message: RoomMessage;
  /** The first of a day. */
  readonly startsDay: boolean;
  /** The first of those the reader has not seen. */
  readonly startsUnread: boolean;
  /** The first of a run by one author; shows who and when. */
  readonly startsGroup: boolean;
  readonly endsGroup: boolean;
}

/** A longer silence starts a new group, so that the time is shown again. */
const groupGapMs = 5 * 60_000;

/** Groups messages by day and author. */
export function rowsOf(messages: readonly RoomMessage[], firstUnreadId?: string): Row[] {
  const starts = messages.map((message, index) => startsAt(message, messages[index - 1], firstUnreadId));
  return messages.map((message, index) => {
    const next = starts[index + 1];
    return { message, ...(starts[index] ?? startsAt(message, undefined, firstUnreadId)), endsGroup: next === undefined || next.startsGroup };
  });
}

function startsAt(message: RoomMessage, previous: RoomMessage | undefined, firstUnreadId: string | undefined) {
  const startsDay = previous === undefined || !isSameDay(previous.sentAt, message.sentAt);
  const startsUnread = message.id === firstUnreadId;
  const startsGroup =
    startsDay || startsUnread || previous.author.id !== message.author.id || message.sentAt - previous.sentAt > groupGapMs || previous.deletedAt !== undefined;
  return { startsDay, startsUnread, startsGroup };
}
