import * as z from "zod/mini";

/**
 * A key that is left out where it is missing or cannot be read, so that a lesser part never costs the whole.
 * Zod's own `catch` does the same and brings 3 kB more into a browser.
 */
export function ifReadable<S extends z.ZodMiniType>(schema: S) {
  return z.optional(
    z.pipe(
      z.union([schema, z.unknown()]),
      z.transform((value: unknown): z.output<S> | undefined => schema.safeParse(value).data),
    ),
  );
}
