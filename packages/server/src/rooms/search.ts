import { ChatError, type CommandInput, type CommandOutput } from "@chat-widget/protocol";
import type { ChatStore } from "../stores/chat-store.js";
import { findPhrases } from "../stores/search/find-phrases.js";
import { phrasesOf } from "../stores/search/search-terms.js";
import { fitting } from "./answer-size.js";

/** Parts of one message that are told. */
const mostHighlights = 50;
const mostResults = 50;

/** Finds messages, and what of their texts was looked for; whoever asks has to be allowed to read these rooms. @throws {ChatError} */
export async function searchMessages(store: ChatStore, { roomIds, query, cursor, limit = 20, from, before, after }: CommandInput<"message:search">): Promise<CommandOutput<"message:search">> {
  if (cursor !== undefined && !roomIds.includes(cursor.roomId)) throw new ChatError("conflict", "unable to search; the cursor is of another search");
  const phrases = phrasesOf(query);
  // A query without a word is in no text.
  if (phrases.length === 0) return { results: [] };
  const { found, next } = await store.search({
    roomIds: [...new Set(roomIds)],
    phrases,
    limit: Math.min(limit, mostResults),
    ...(cursor !== undefined && { cursor }),
    ...(from !== undefined && { from }),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  });
  const read = found.flatMap(({ roomId, message }) => {
    const highlights = findPhrases(message.text, phrases)?.slice(0, mostHighlights);
    return highlights === undefined ? [] : [{ roomId, message, highlights }];
  });
  const results = fitting(read, 0);
  const last = results.at(-1);
  if (last !== undefined && results.length < read.length) return { results, next: { roomId: last.roomId, seq: last.message.seq } };
  return { results, ...(next !== undefined && { next }) };
}
