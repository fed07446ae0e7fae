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
 * quotes. The last word of the query may go on, unless something follows it, or it is a single letter of an alphabet. Nothing in a query is an operator.
 * @throws {ChatError} `too-large` when there are too many
 */
export function phrasesOf(query: string): Phrase[] {
  const phrases: Phrase[] = [];
  for (const match of query.matchAll(/"(?<quoted>[^"]*)"|[^\s"]+/g)) {
    const isQuoted = match.groups?.["quoted"] !== undefined;
    const words = wordsOf(match[0]);
    const last = words.at(-1);
    if (last === undefined) continue;
    const isPrefix = !isQuoted && match.index + last.end === query.length && mayGoOn(last.key);
    phrases.push({ words: words.map(({ key }) => key), isPrefix });
  }
  if (phrases.length > mostPhrases) throw new ChatError("too-large", `unable to search; the query has more than ${mostPhrases} words`, { details: { limit: mostPhrases } });
  return phrases;
}

/** A tenth of all words begins with the same letter of an alphabet, which to gather takes a database seconds; of a syllable or a sign there are thousands. */
function mayGoOn(word: string): boolean {
  return word.length > 1 || word >= "\u2E80";
}
