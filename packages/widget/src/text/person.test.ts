import { expect, it } from "vitest";
import { hueOf, initialsOf } from "./person.js";

it.each([
  ["Ann Lovelace", "AL"],
  ["Ann Mary Lovelace", "AL"],
  ["bob", "B"],
  ["  ", ""],
  ["ليلى", "ل"],
  ["🦊 Fox", "🦊F"],
])("shortens %j to %j", (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});

it("gives one user always the same hue and neighbours different ones", () => {
  const hues = Array.from({ length: 8 }, (_, index) => hueOf(`user-${index}`));
  expect(hueOf("user-3")).toBe(hues[3]);
  expect(new Set(hues.map((hue) => Math.round(hue / 20))).size).toBeGreaterThan(5);
  for (const hue of hues) expect(hue).toBeLessThan(360);
});
