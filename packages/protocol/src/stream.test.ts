import { expect, it } from "vitest";
import { type StreamPart, withPart } from "./index.js";

const part = (offset: number, text: string): StreamPart => ({ id: "019b76da-abe8-7000-8000-000000000001", author: { id: "bot", name: "Bot" }, startedAt: 1, offset, text });

it.each([
  ["", 0, "he", "he"],
  ["he", 2, "llo", "hello"],
  ["hello", 2, "llo", "hello"],
  ["hello", 0, "hello world", "hello world"],
  ["hello", 0, "he", "hello"],
  ["hel", 1, "ello", "hello"],
  ["hello", 5, "", "hello"],
  ["he", 3, "lo", undefined],
  ["", 1, "", undefined],
])("%j with the part at %i, %j, is %j", (text, offset, added, expected) => {
  expect(withPart(text, part(offset, added))).toBe(expected);
});
