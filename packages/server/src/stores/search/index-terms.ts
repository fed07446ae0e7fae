import type { Message } from "@chat-widget/protocol";
import type { SearchQuery } from "../chat-store.js";
import { wordsOf } from "./words.js";

/** What a database keeps of a message to find it by. */
export interface Indexed {
  /** Names for where it is and whom it is from; letters of ASCII only. */
  scope: string[];
  /** Its words in order; none when there is nothing to find it by. */
  words: string[];
}

/** The terms a message is found by. */
export function termsOf(roomId: string, { author, text }: Message): Indexed {
  return { scope: [roomTerm(roomId), authorTerm(author.id)], words: wordsOf(text).map(({ key }) => key) };
}

/** The terms a query is narrowed by: one of these rooms, and the author. */
export function scopeOf({ roomIds, from }: SearchQuery): { rooms: string[]; author: string | undefined } {
  return { rooms: roomIds.map(roomTerm), author: from === undefined ? undefined : authorTerm(from) };
}

/** Ids may have any letters; in hex they are one word in every database. */
function roomTerm(roomId: string): string {
  return `r${Buffer.from(roomId).toString("hex")}`;
}

function authorTerm(userId: string): string {
  return `u${Buffer.from(userId).toString("hex")}`;
}
