import type { SearchPage, SearchQuery } from "./chat-store.js";
import type { MemoryRoom } from "./memory-room.js";
import { findPhrases } from "./search/find-phrases.js";

/** Messages that one question looks at: whoever searches must not keep everybody else waiting. */
const mostCandidates = 2_000;

/** Looks through the messages of rooms, newest first. */
export function searchRooms(rooms: ReadonlyMap<string, MemoryRoom>, query: SearchQuery): SearchPage {
  const { roomIds, phrases, from, before = Infinity, after = 0, cursor, limit } = query;
  const start = cursor === undefined ? Infinity : rooms.get(cursor.roomId)?.numberFrom(cursor.seq);
  const found: SearchPage["found"] = [];
  let looked = start === undefined ? undefined : newestBelow(start);
  for (let count = 1; looked !== undefined; count += 1) {
    const { roomId, message, number } = looked;
    const { seq, sentAt, author, text } = message;
    const isAsked = sentAt >= after && sentAt < before && (from === undefined || author.id === from);
    if (isAsked && findPhrases(text, phrases) !== undefined) found.push({ roomId, message });
    looked = newestBelow(number);
    if (looked !== undefined && (found.length === limit || count === mostCandidates)) return { found, next: { roomId, seq } };
  }
  return { found };

  function newestBelow(number: number): { roomId: string; number: number; message: SearchPage["found"][number]["message"] } | undefined {
    const newest = roomIds.flatMap((roomId) => {
      const entry = rooms.get(roomId)?.messageBelow(number);
      return entry === undefined ? [] : [{ roomId, ...entry }];
    });
    return newest.toSorted((a, b) => b.number - a.number)[0];
  }
}
