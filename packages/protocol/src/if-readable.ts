import { catch as orElse, optional, type ZodMiniType } from "zod/mini";

/** A key that is left out where it is missing or cannot be read, so that a lesser part never costs the whole. */
export const ifReadable = <T extends ZodMiniType>(schema: T) => orElse(optional(schema), undefined);
