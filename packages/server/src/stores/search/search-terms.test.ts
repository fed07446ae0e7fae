import { expect, it } from "vitest";
import { phrasesOf } from "./search-terms.js";

/** Phrases as they are easy to read: words with spaces between, and a star where the last may go on. */
const read = (query: string) => phrasesOf(query).map(({ words, isPrefix }) => `${words.join(" ")}${isPrefix ? "*" : ""}`);

it.each([
  ["red fox", ["red", "fox*"]],
  ["red fox ", ["red", "fox"]],
  ["red, fox!", ["red", "fox"]],
  ['"red fox" den', ["red fox", "den*"]],
  ['"red fox"', ["red fox"]],
  ['red "fox', ["red", "fox*"]],
  ["chat-widget", ["chat widget*"]],
  ["東京都", ["東 京 都*"]],
  ["서", ["서*"]],
  ["a", ["a"]],
  ["ab", ["ab*"]],
  ["not a", ["not", "a"]],
  ["1=1 -- *", ["1 1"]],
  ['"" \'\' %_', []],
  ["\ud800 \u202e", []],
])("reads %j", (query, phrases) => {
  expect(read(query)).toEqual(phrases);
});

it("takes twenty words and no more", () => {
  expect(phrasesOf("w ".repeat(20))).toHaveLength(20);
  expect(() => phrasesOf("w ".repeat(21))).toThrow("unable to search; the query has more than 20 words");
});
