const encoder = new TextEncoder();

/** The length of a text in bytes of UTF-8, which is how the server counts. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}
