import type { Phrase } from "./search-terms.js";
import { wordsOf, type Word } from "./words.js";

/** A part of a text, in UTF-16 code units: `text.slice(start, end)`. */
export interface Range {
  start: number;
  end: number;
}

/** Where a text has the phrases, in order and without overlap; whole words. Undefined unless it has all of them. */
export function findPhrases(text: string, phrases: readonly Phrase[]): Range[] | undefined {
  const words = wordsOf(text);
  const found: Range[] = [];
  for (const phrase of phrases) {
    const places = placesOf(words, phrase);
    if (places.length === 0) return undefined;
    found.push(...places);
  }
  return found.length === 0 ? undefined : joined(found);
}

function placesOf(words: readonly Word[], { words: keys, isPrefix }: Phrase): Range[] {
  const last = keys.length - 1;
  const isAt = (from: number): boolean =>
    keys.every((key, index) => {
      const word = words[from + index]?.key;
      return word === key || (isPrefix && index === last && word?.startsWith(key) === true);
    });
  return words.flatMap(({ start }, from) => {
    const end = isAt(from) ? words[from + last]?.end : undefined;
    return end === undefined ? [] : [{ start, end }];
  });
}

function joined(ranges: Range[]): Range[] {
  const merged: Range[] = [];
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    const before = merged.at(-1);
    if (before !== undefined && start < before.end) before.end = Math.max(before.end, end);
    else merged.push({ start, end });
  }
  return merged;
}
