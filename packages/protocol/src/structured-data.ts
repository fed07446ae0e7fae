import * as z from "zod/mini";

const mostBytes = 8_192;
const mostLevels = 8;

function isShallow(value: unknown, levels = mostLevels): boolean {
  return typeof value !== "object" || value === null || (levels > 0 && Object.values(value).every((part) => isShallow(part, levels - 1)));
}

/** What an application puts into a message beside its text. */
export const StructuredData = z.strictObject({
  /** Names its shape, as in `order.card`. */
  type: z.string().check(z.regex(/^[\w.-]{1,64}$/)),
  /** An object of at most 8 KiB as JSON, and eight levels deep. */
  value: z.looseObject({}).check(z.refine((value) => isShallow(value) && new TextEncoder().encode(JSON.stringify(value)).length <= mostBytes)),
});
export type StructuredData = z.infer<typeof StructuredData>;
