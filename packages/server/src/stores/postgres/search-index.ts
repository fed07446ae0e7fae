import type { Message } from "@chat-widget/protocol";
import type { SearchQuery } from "../chat-store.js";
import { scopeOf, termsOf } from "../search/index-terms.js";
import type { Phrase } from "../search/search-terms.js";

/** What a message is found by, as a `tsvector`. */
export function vectorOf(roomId: string, message: Message): string {
  const { scope, words } = termsOf(roomId, message);
  if (words.length === 0) return "";
  return [...scope.map((term) => `':${term}'`), ...words.map((word, index) => `'${word}':${index + 1}`)].join(" ");
}

/** The query as a `tsquery`. Words have no quotes, see `Word.key`; so nothing of a query is an operator. */
export function tsqueryOf(query: SearchQuery): string {
  const { rooms, author } = scopeOf(query);
  const scope = [rooms, author === undefined ? [] : [author]].filter(({ length }) => length > 0);
  return [...scope.map((terms) => `(${terms.map((term) => `':${term}'`).join(" | ")})`), ...query.phrases.map(phraseOf)].join(" & ");
}

function phraseOf({ words, isPrefix }: Phrase): string {
  return `(${words.map((word) => `'${word}'`).join(" <-> ")}${isPrefix ? ":*" : ""})`;
}
