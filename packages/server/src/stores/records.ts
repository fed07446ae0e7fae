/** What is kept beside the logs: members, bans, uploads and whatever else lasts and is not said in a room. */
export interface StoredRecord {
  key: string;
  /** As it was given to JSON. */
  value: unknown;
  /** 1 when it is made; goes up whenever it is written. */
  revision: number;
}

/** One record to write. */
export interface RecordWrite {
  /** What kind of thing it is, as in `"members"`. */
  collection: string;
  /** Names it in its collection, see {@link recordKey}. */
  key: string;
  /** An object that JSON can carry; the record is removed when there is none. */
  value?: object;
  /** The revision it must have, 0 when there must be none. Anything goes when left out. */
  expect?: number;
}

/** Which records to read: those of some keys, or those under a key, in the order of their keys. */
export type RecordQuery =
  | { keys: readonly string[] }
  | {
      /** The first parts of their keys; all of the collection when left out. */
      under?: string;
      /** Only those that come after this key in the order asked for. */
      after?: string;
      limit: number;
      /** From the last key to the first. */
      reverse?: boolean;
    };

/** Separates the parts of a key: ids have no control characters. */
const separator = "\u001F";
const afterSeparator = "\u0020";
/** After every key: ids have no characters that are none. */
const end = "\u{10FFFF}";

/** The key of a record from its parts, none of them empty. Keys are ordered part by part, as bytes; numbers as numbers. */
export function recordKey(...parts: readonly (string | number)[]): string {
  return parts.map((part) => (typeof part === "number" ? String(part).padStart(16, "0") : part)).join(separator);
}

/** The parts of a key. */
export function partsOf(key: string): string[] {
  return key.split(separator);
}

/** The keys that a query asks for lie between these two. */
export function rangeOf({ under, after, reverse }: { under?: string; after?: string; reverse?: boolean }): { from: string; to: string } {
  const [from, to] = under === undefined ? ["", end] : [under + separator, under + afterSeparator];
  if (after === undefined) return { from, to };
  if (reverse === true) return { from, to: compareKeys(after, to) < 0 ? after : to };
  return { from: compareKeys(after, from) > 0 ? after : from, to };
}

/** Orders keys as every store does: by their bytes, which is not how JavaScript compares. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
