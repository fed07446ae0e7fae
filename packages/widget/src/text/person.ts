/** One or two letters that stand for a name. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word = "") => Array.from(word)[0] ?? "").join("").toLocaleUpperCase();
}

/** A hue in degrees, always the same for one user; ids that differ little get hues that differ much. */
export function hueOf(id: string): number {
  let hash = 7;
  for (let index = 0; index < id.length; index++) hash = (hash * 31 + id.charCodeAt(index)) % 9973;
  return (hash * 137) % 360;
}

/** Keeps the direction of a name from turning the words around it. */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}
