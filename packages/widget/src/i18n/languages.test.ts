import { expect, it } from "vitest";
import { de } from "./de.js";
import { en } from "./en.js";
import { localeOf, translationOf } from "./languages.js";

it.each([
  ["de", de],
  ["de-AT", de],
  ["en-GB", en],
  ["xx", en],
  ["../../de", en],
  ["__proto__", en],
  ["", en],
])("speaks %j", async (lang, words) => {
  expect(await translationOf(lang)).toBe(words);
});

it("gives Intl a language it takes", () => {
  expect(localeOf("de-at")).toBe("de-AT");
  expect(localeOf("../../x")).toBe("en");
  expect(localeOf("")).toBe("en");
});

it.each([["en", en] as const, ["de", de] as const])("has every word in %s, and words for what an error means", (_name, words) => {
  for (const [key, word] of Object.entries(words)) {
    if (typeof word === "string") expect(word.trim(), key).not.toBe("");
  }
  expect(Object.keys(words.errors)).toEqual(Object.keys(en.errors));
});

it("counts people who are typing", () => {
  expect(en.typing(["Ann"], 1)).toBe("Ann is typing…");
  expect(en.typing(["Ann", "Bob"], 2)).toBe("Ann and Bob are typing…");
  expect(en.typing(["Ann", "Bob", "Cleo"], 3)).toBe("3 people are typing…");
  expect(en.unread(1)).toBe("1 unread message");
  expect(en.here(12_345)).toBe("12,345 here");
  expect(de.here(12_345)).toBe("12.345 hier");
  expect(de.newMessages(2)).toBe("2 neue Nachrichten");
});
