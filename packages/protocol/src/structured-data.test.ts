import { expect, it } from "vitest";
import { StructuredData } from "./structured-data.js";

/** An object with others inside it, this many levels in all. */
const nested = (levels: number): object => (levels === 1 ? {} : { inner: nested(levels - 1) });

it.each([{ type: "order.card", value: {} }, { type: "a", value: nested(8) }, { type: "a", value: { text: "x".repeat(8_192 - 11), list: undefined } }])("takes %j", (data) => {
  expect(StructuredData.safeParse(data).success).toBe(true);
});

it.each([
  { type: "a b", value: {} },
  { type: "", value: {} },
  { type: "x".repeat(65), value: {} },
  { type: "a", value: [] },
  { type: "a", value: {}, more: 1 },
  { type: "a", value: nested(9) },
  { type: "a", value: [[]] },
  { type: "a", value: nested(5_000) },
  { type: "a", value: { text: "\u00e9".repeat(4_096) } },
])("refuses %#", (data) => {
  expect(StructuredData.safeParse(data).success).toBe(false);
});
