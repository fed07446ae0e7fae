import { ChatError } from "@chat-widget/protocol";
import { wordsOf } from "./words.js";

/** Words that stand side by side in a text, in this order. */
export interface Phrase {
  /** At least one; see `Word.key`. */
  words: readonly string[];
  /** The last word may go on. */
  isPrefix: boolean;
}

const mostPhrases = 20;

/**
 * What a query asks for: all of these phrases. A phrase is what is written without a space, as `chat-widget` or 東京都, or in double
 * quotes. The last word of the query may go on, unless something follows it. Nothing in a query is an operator.
 * @throws {ChatError} `invalid` when there are too many
 */
export function phrasesOf(query: string): Phrase[] {
  const phrases: Phrase[] = [];
  for (const match of query.matchAll(/"(?<quoted>[^"]*)"|[^\s"]+/g)) {
    const isQuoted = match.groups?.["quoted"] !== undefined;
    const words = wordsOf(match[0]);
    const end = match.index + (words.at(-1)?.end ?? 0);
    if (words.length > 0) phrases.push({ words: words.map(({ key }) => key), isPrefix: !isQuoted && end === query.length });
  }
  if (phrases.length > mostPhrases) throw new ChatError("invalid", `unable to search; the query has more than ${mostPhrases} words`, { details: { limit: mostPhrases } });
  return phrases;
}
