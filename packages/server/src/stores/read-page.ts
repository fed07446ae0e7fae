import type { Message, MessagePage } from "@chat-widget/protocol";
import type { PageQuery } from "./chat-store.js";

/** How a store reads messages in the two directions, nearest first. */
export interface MessageReader {
  /** At most `limit` messages with a lower `seq`. */
  before(seq: number, limit: number): Message[];
  /** At most `limit` messages with this `seq` or a higher one. */
  from(seq: number, limit: number): Message[];
}

/** The page a query asks for, oldest first, and whether there is more on either side. */
export function readPage(read: MessageReader, query: PageQuery, asOf: number): Omit<MessagePage, "epoch"> {
  const { older, newer, edge } = shareOf(query);
  // One more than asked for tells whether there is more.
  const before = read.before(edge, older + 1);
  const from = read.from(edge, newer + 1);
  return {
    asOf,
    messages: [...before.slice(0, older).toReversed(), ...from.slice(0, newer)],
    hasOlder: before.length > older,
    hasNewer: from.length > newer,
  };
}

/** How many messages to read on which side of which place. */
export function shareOf({ before, after, around, limit }: PageQuery): { older: number; newer: number; edge: number } {
  if (around !== undefined) return { older: Math.floor(limit / 2), newer: Math.ceil(limit / 2), edge: around };
  if (after !== undefined) return { older: 0, newer: limit, edge: after + 1 };
  return { older: limit, newer: 0, edge: before ?? Number.MAX_SAFE_INTEGER };
}
