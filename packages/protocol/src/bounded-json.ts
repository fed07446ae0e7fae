import * as z from "zod/mini";

/** How many lists and objects may be in one another. */
const mostDepth = 8;
/** Keys by which an object reaches what all objects inherit. */
const forbiddenKeys = /^(?:__proto__|constructor|prototype)$/;

/** What JSON carries as it is, up to so many bytes and eight levels, without a key that reaches what objects inherit. */
export function boundedJson(bytes: number) {
  return z.unknown().check(z.refine((value) => isJson(value, mostDepth) && new TextEncoder().encode(JSON.stringify(value)).length <= bytes));
}

function isJson(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return value === null || typeof value === "boolean" || typeof value === "string" || Number.isFinite(value);
  if (depth === 0 || !(Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value)))) return false;
  return Object.entries(value).every(([key, inner]) => !forbiddenKeys.test(key) && isJson(inner, depth - 1));
}
