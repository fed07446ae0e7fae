import * as fc from "fast-check";
import { CommandId, DisplayName, Emoji, Epoch, EventName, RoomId, Text } from "@chat-widget/protocol";
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
  [EventName, fc.constantFrom("poll.opened", "cursor.moved", "lamp.lit")],
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
    case "readonly":
    case "nonoptional":
    case "default":
    case "prefault":
      return valuesOf(def.innerType);
    case "nullable":
      return fc.option(valuesOf(def.innerType), { freq: 5 });
    case "pipe":
      return valuesOf(def.in);
    case "lazy":
      return valuesOf(def.getter());
    case "array": {
      const { minimum = 1, maximum = 5 } = boundsOf(schema);
      return fc.array(valuesOf(def.element), { minLength: Math.min(minimum, 5), maxLength: Math.min(maximum, 5) });
    }
    case "tuple":
      return fc.tuple(...def.items.map(valuesOf));
    case "record":
      return fc.dictionary(fc.string({ minLength: 1, maxLength: 10 }), valuesOf(def.valueType), { maxKeys: 4 });
    case "union":
      return fc.oneof(...def.options.map(valuesOf));
    case "enum":
      return fc.constantFrom(...Object.values(def.entries));
    case "literal":
      return fc.constantFrom(...def.values);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "unknown":
    case "any":
      return fc.jsonValue({ maxDepth: 2 });
    case "number": {
      const { minimum = 1, maximum = 2 ** 31 - 1 } = boundsOf(schema);
      const least = Math.max(minimum, -(2 ** 31));
      return fc.oneof(fc.integer({ min: least, max: Math.min(maximum, least + 60) }), fc.integer({ min: least, max: Math.min(maximum, 2 ** 31 - 1) }));
    }
    case "string":
      return textsOf(schema);
    default:
      throw new Error(`unable to make values; there are none for ${def.type}`);
  }
}

interface Bounds {
  minimum?: number;
  maximum?: number;
}

/** What checks say of lengths and numbers; Zod gathers it. */
function boundsOf(schema: z.core.$ZodType): Bounds {
  const { minimum, maximum } = schema._zod.bag;
  return { ...(typeof minimum === "number" && Number.isFinite(minimum) && { minimum }), ...(typeof maximum === "number" && Number.isFinite(maximum) && { maximum }) };
}

/** Texts of the first pattern that says how they are made, else any of the right length. */
function textsOf(schema: z.core.$ZodType): fc.Arbitrary<string> {
  const { minimum = 1, maximum = 60 } = boundsOf(schema);
  const any = fc.string({ minLength: Math.min(minimum, 60), maxLength: Math.min(maximum, 60) });
  const [pattern]: unknown[] = schema._zod.bag.patterns instanceof Set ? [...schema._zod.bag.patterns] : [];
  if (!(pattern instanceof RegExp)) return any;
  try {
    return fc.oneof({ weight: 9, arbitrary: fc.stringMatching(pattern) }, { weight: 1, arbitrary: any });
  } catch {
    // Not every pattern can be read backwards.
    return any;
  }
}
