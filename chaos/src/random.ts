/** Numbers from 0 to below 1 that are the same for the same seed; the generator is mulberry32. */
export type Random = () => number;

/** A generator for one purpose: other words, other numbers. */
export function randomOf(...words: (string | number)[]): Random {
  let state = fingerprint(words.join(" "));
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of a list that is not empty. */
export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("unable to pick; there is nothing to pick from");
  return item;
}

/** A number for a text, the same everywhere: FNV-1a. */
export function fingerprint(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
