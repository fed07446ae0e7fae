/** Milliseconds since 1970, and how many ids there were since. */
let time = 0;
let count = 0;

/**
 * A UUID of version 7: sorts behind every one this page made before, whatever happens to its clock. (The `uuid` package
 * does the same with 0.4 kB more in a browser; `crypto.randomUUID` makes version 4, and only on https.)
 */
export function commandId(now = Date.now()): string {
  count += 1;
  if (now > time || count > 0xfff) [time, count] = [Math.max(now, time + 1), 0];
  const hex = time.toString(16).padStart(12, "0");
  const random = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${count.toString(16).padStart(3, "0")}-a${random.slice(1, 4)}-${random.slice(4)}`;
}
