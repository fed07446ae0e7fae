import { expect, it } from "vitest";
import { dayOf, isSameDay, timeOf } from "./time.js";

const now = new Date(2026, 4, 13, 0, 5).getTime(); // a Wednesday, just after midnight

it.each([
  [new Date(2026, 4, 13, 0, 1), "today"],
  [new Date(2026, 4, 12, 23, 59), "yesterday"],
  [new Date(2026, 4, 11), "Monday"],
  [new Date(2026, 4, 7), "Thursday"],
  [new Date(2026, 4, 6), "May 6"],
  [new Date(2025, 11, 31), "December 31, 2025"],
])("calls %s %s", (day, name) => {
  expect(dayOf(day.getTime(), "en", now)).toBe(name);
});

it("speaks the language asked for", () => {
  expect(dayOf(now, "de", now)).toBe("heute");
  expect(timeOf(new Date(2026, 4, 13, 15, 7).getTime(), "de")).toBe("15:07");
});

it("knows a day from the next one", () => {
  expect(isSameDay(new Date(2026, 4, 13, 0, 0).getTime(), new Date(2026, 4, 13, 23, 59).getTime())).toBe(true);
  expect(isSameDay(new Date(2026, 4, 13, 23, 59).getTime(), new Date(2026, 4, 14, 0, 0).getTime())).toBe(false);
});
