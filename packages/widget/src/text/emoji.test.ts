import { expect, it } from "vitest";
import { isEmojiOnly } from "./emoji.js";

it.each(["👍", "❤️", "🌿🌿🌿", "👩‍👩‍👧‍👦", "🇩🇪 🇫🇷", "👍🏽"])("takes %s for emoji alone", (text) => {
  expect(isEmojiOnly(text)).toBe(true);
});

it.each(["", "  ", "a", "1", "#", "👍 yes", "👍".repeat(40)])("takes %j for text", (text) => {
  expect(isEmojiOnly(text)).toBe(false);
});
