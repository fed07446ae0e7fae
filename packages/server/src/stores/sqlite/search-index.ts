import type { Message } from "@chat-widget/protocol";
import type { SearchPage, SearchQuery } from "../chat-store.js";
import { scopeOf, termsOf } from "../search/index-terms.js";
import type { Phrase } from "../search/search-terms.js";
import type { Statements } from "./statements.js";

/** Messages that one question looks at: the thread that searches is the one that writes. */
const mostCandidates = 500;

/** Makes a message findable by its text as it reads now, and by nothing else, or by nothing at all; within a transaction that is open. */
export function indexMessage(sql: Statements, roomId: string, message: Message, isSearchable: boolean): void {
  if (message.rev !== message.seq) sql.deleteWords.run(roomId, message.seq);
  if (!isSearchable) return;
  const { scope, words } = termsOf(roomId, message);
  if (words.length > 0) sql.insertWords.run(scope.join(" "), words.join(" "), roomId, message.seq);
}

/** Newest first. */
export function searchMessages(sql: Statements, query: SearchQuery): SearchPage {
  const { before = Number.MAX_SAFE_INTEGER, after = 0, cursor, limit } = query;
  const number = cursor === undefined ? Number.MAX_SAFE_INTEGER : sql.numberFrom.get(cursor.roomId, cursor.seq)?.number;
  if (number === undefined) return { found: [] };
  const most = query.before === undefined && query.after === undefined ? limit : mostCandidates;
  const candidates = sql.search.all(matchOf(query), number, most + 1);
  const found: SearchPage["found"] = [];
  for (const [index, { roomId, seq, sentAt, number }] of candidates.entries()) {
    if (sentAt >= after && sentAt < before) found.push({ roomId, message: JSON.parse(sql.messageByNumber.get(number)?.body ?? "null") });
    const isLast = index === candidates.length - 1;
    if (!isLast && (found.length === limit || index === most - 1)) return { found, next: { roomId, seq } };
  }
  return { found };
}

/** The query in the language of FTS5. Words have no quotes, see `Word.key`; so nothing of a query is an operator. */
function matchOf(query: SearchQuery): string {
  const { rooms, author } = scopeOf(query);
  const one = (terms: readonly string[]) => `scope : (${terms.map((term) => `"${term}"`).join(" OR ")})`;
  return [one(rooms), ...(author === undefined ? [] : [one([author])]), ...query.phrases.map(phraseOf)].join(" AND ");
}

function phraseOf({ words, isPrefix }: Phrase): string {
  return `words : ("${words.join(" ")}"${isPrefix ? " *" : ""})`;
}
