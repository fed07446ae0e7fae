import { expect, it } from "vitest";
import { CommandId, DisplayName, Emoji, Epoch, PictureUrl, Position, RoomId, Seq, Text, Timestamp, UserId } from "./primitives.js";

it.each([
  ["plain", "hello", "hello"],
  ["lines and tabs", "a\r\nb\rc\n\td", "a\nb\nc\n\td"],
  ["a lone surrogate", "a\ud800b", "a\ufffdb"],
  ["NUL and other controls", "a\u0000b\u0007c\u001b[31m\u007f\u0085d", "abc[31md"],
  ["noncharacters as they are", "a\uffffb", "a\uffffb"],
  ["five hundred marks on one letter", `H${"\u0301".repeat(500)}`, `H${"\u0301".repeat(8)}`],
  ["scripts that need marks", "བོད་སྐད་ हिन्दी ภาษาไทย עִבְרִית العَرَبِيَّة", "བོད་སྐད་ हिन्दी ภาษาไทย עִבְרִית العَرَبِيَّة"],
  ["joined emoji", "👩‍👩‍👧‍👦🏳️‍🌈", "👩‍👩‍👧‍👦🏳️‍🌈"],
  ["markup, which is text", "<b>&amp;</b>", "<b>&amp;</b>"],
])("takes a text with %s", (_what, text, kept) => {
  expect(Text.parse(text)).toBe(kept);
  expect(Text.parse(kept)).toBe(kept);
});

it.each(["", " ", "\n\t ", "\u200b", "\u2060\ufeff\u00ad", "\u2800", "\u3164", "\u0000", "\u202e", "x".repeat(65_537), 1, null, undefined, ["x"], { text: "x" }])(
  "refuses the text %j",
  (text) => {
    expect(Text.safeParse(text).success).toBe(false);
  },
);

it.each([
  ["Ann", "Ann"],
  ["  Ann \n of  the\tshop ", "Ann of the shop"],
  ["Ann\u202eretsnom", "Annretsnom"],
  ["محمد", "محمد"],
  ["__proto__", "__proto__"],
])("takes the name %j", (name, kept) => {
  expect(DisplayName.parse(name)).toBe(kept);
});

it.each(["", "   ", "\u200b", "\u2066\u2069", "x".repeat(257)])("refuses the name %j", (name) => {
  expect(DisplayName.safeParse(name).success).toBe(false);
});

it.each([
  ["👍", "👍"],
  ["👍🏽", "👍🏽"],
  ["👍\ufe0f", "👍"],
  ["❤", "❤\ufe0f"],
  ["❤\ufe0f", "❤\ufe0f"],
  ["👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"],
  ["🇩🇪", "🇩🇪"],
  ["1\ufe0f\u20e3", "1\ufe0f\u20e3"],
  ["🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"],
  ["\u{1fadd}", "\u{1fadd}"],
])("spells the emoji %s one way", (emoji, spelled) => {
  expect(Emoji.parse(emoji)).toBe(spelled);
  expect(Emoji.parse(spelled)).toBe(spelled);
});

it.each(["", "a", "1", "#", "👍👍", "👍a", " 👍", "<img>", "🇩", "👍".repeat(100), "\u200d", "\ufe0f", "__proto__"])("refuses %j as an emoji", (emoji) => {
  expect(Emoji.safeParse(emoji).success).toBe(false);
});

it.each(["lobby", "team/7", "shop:42", "Zürich", "__proto__", "x".repeat(128)])("takes the room id %j", (id) => {
  expect(RoomId.parse(id)).toBe(id);
});

it.each(["", " ", "a b", "a\n", "a\u0000", "a\ud800", "a\u200b", "x".repeat(129), 7, null])("refuses the room id %j", (id) => {
  expect(RoomId.safeParse(id).success).toBe(false);
});

it.each(["", "a\n", "a\u0000", "a\ud800", "x".repeat(129), 7])("refuses the user id %j", (id) => {
  expect(UserId.safeParse(id).success).toBe(false);
});

it.each(["019b76da-abe8-4000-8000-000000000001", "019b76da-abe8-7000-8000-00000000000", "019b76daabe870008000000000000001", " 019b76da-abe8-7000-8000-000000000001", "", 1, null])(
  "refuses the command id %j",
  (id) => {
    expect(CommandId.safeParse(id).success).toBe(false);
  },
);

it.each([0, -1, 1.5, 2 ** 53, Infinity, NaN, "1", 1n, null, true, []])("refuses %s as a place in a log", (value) => {
  expect(Seq.safeParse(value).success).toBe(false);
});

it.each([-1, -0, 0.5, 2 ** 53, Infinity, NaN, "0", null])("refuses %s as how far a log was read", (value) => {
  expect(Position.safeParse(value).success).toBe(false);
  if (!Object.is(value, -0)) expect(Timestamp.safeParse(value).success).toBe(false);
});

it.each(["", "x".repeat(65), 1])("refuses the epoch %j", (value) => {
  expect(Epoch.safeParse(value).success).toBe(false);
});

it.each(["https://example.com/a.png", "http://localhost:3000/a"])("takes the picture %s", (url) => {
  expect(PictureUrl.parse(url)).toBe(url);
});

it.each(["javascript:alert(1)", "java\tscript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:image/png;base64,AA==", "/a.png", "//example.com/a.png", "file:///etc/passwd", "https://", `https://e.com/${"x".repeat(2_100)}`])(
  "refuses the picture %j",
  (url) => {
    expect(PictureUrl.safeParse(url).success).toBe(false);
  },
);
