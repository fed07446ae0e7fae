import * as fc from "fast-check";
import { CommandId, DisplayName, Emoji, Epoch, RoomId, Text } from "@chat-widget/protocol";
import type * as z from "zod/mini";

/** Few, so that inputs meet each other. */
const ids = Array.from({ length: 16 }, (_, n) => `019b76da-abe8-7000-8000-00000000000${n.toString(16)}`);

/** What a schema says in patterns cannot be read off it; these are made for each such schema by hand. */
const byHand = new Map<z.core.$ZodType, fc.Arbitrary<unknown>>([
  [CommandId, fc.oneof(fc.constantFrom(...ids), fc.uuid({ version: 7 }))],
  [RoomId, fc.oneof({ weight: 9, arbitrary: fc.constantFrom("lobby", "team/7", "Zürich") }, { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 128, unit: "grapheme" }) })],
  [Text, fc.string({ minLength: 1, maxLength: 40, unit: "binary" })],
  [DisplayName, fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" })],
  [Emoji, fc.constantFrom("👍", "❤️", "👩‍👩‍👧‍👦", "🇩🇪", "1️⃣")],
  [Epoch, fc.string({ minLength: 1, maxLength: 64 })],
]);

/** Values that a schema takes, most of them at least. */
export function valuesOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const arbitrary = byHand.get(schema);
  if (arbitrary !== undefined) return arbitrary;
  // Zod's own way to tell its schemas apart.
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "object": {
      const entries = Object.entries(def.shape);
      const requiredKeys = entries.filter(([, value]) => value._zod.def.type !== "optional").map(([name]) => name);
      return fc.record(Object.fromEntries(entries.map(([name, value]) => [name, valuesOf(value)])), { requiredKeys });
    }
    case "optional":
      return valuesOf(def.innerType);
    case "array":
      return fc.array(valuesOf(def.element), { minLength: 1, maxLength: 5 });
    case "union":
      return fc.oneof(...def.options.map(valuesOf));
    case "literal":
      return fc.constantFrom(...def.values);
    case "boolean":
      return fc.boolean();
    case "number":
      return fc.oneof(fc.integer({ min: 1, max: 60 }), fc.nat());
    case "string":
      return fc.string({ minLength: 1, maxLength: 60 });
    default:
      throw new Error(`unable to make values; there are none for ${def.type}`);
  }
}
