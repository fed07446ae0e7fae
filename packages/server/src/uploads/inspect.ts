import { isUtf8 } from "node:buffer";
import { ChatError } from "@chat-widget/protocol";
import { canonicalType } from "./media-types.js";

/** Bytes at the beginning of a file that are looked at; cameras put hundreds of kilobytes before the size of a picture. */
export const headBytes = 524_288;

/** What the content of a file says that it is. */
export interface Finding {
  type: string;
  /** Of a picture, in pixels, as it is shown. */
  width?: number;
  height?: number;
}

/** What may be taken. */
export interface Taken {
  types: readonly string[];
  /** The most pixels of a picture: to show one takes four bytes for each, however small its file is. */
  pixels: number;
}

/** Looks what a file is, by its beginning and by nothing else. @throws {ChatError} `refused` for what is not taken, `too-large` for too many pixels */
export async function inspect(head: Uint8Array, { types, pixels }: Taken): Promise<Finding> {
  const type = await typeOf(head);
  if (type === undefined || !types.includes(type)) {
    throw new ChatError("refused", "unable to take the file; files of its type are not taken", { details: { reason: "Files of this type are not taken here.", type: type ?? "unknown" } });
  }
  if (!type.startsWith("image/")) return { type };
  const size = await pixelsOf(head);
  if (size === undefined) throw new ChatError("refused", "unable to take the picture; it is broken", { details: { reason: "This picture is broken.", type } });
  if (size.width * size.height > pixels) {
    throw new ChatError("too-large", `unable to take the picture; it has ${size.width} × ${size.height} pixels and ${pixels} are allowed`, { details: { limit: pixels } });
  }
  return { type, ...size };
}

async function typeOf(head: Uint8Array): Promise<string | undefined> {
  // A text of 16-bit characters begins like this, and so would a sound of a kind that nobody sends.
  if (head[0] === 0xff && head[1] === 0xfe) return undefined;
  const { fileTypeFromBuffer } = await import("file-type");
  // It throws at what breaks off in the middle of what it wants to know.
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  if (found !== undefined) return canonicalType(found.mime);
  return isPlainText(head) ? "text/plain" : undefined;
}

/** Whether it is text that no browser takes for markup, however it comes to it. */
function isPlainText(head: Uint8Array): boolean {
  const text = new TextDecoder().decode(head);
  return isUtf8(withoutBrokenEnd(head)) && !/[^\P{Cc}\t\n\v\f\r\u0085]/u.test(text) && !/^[\s\uFEFF]*<[a-z!?/]/i.test(text);
}

/** The head of a longer text may end within a character. */
function withoutBrokenEnd(head: Uint8Array): Uint8Array {
  if (head.length < headBytes) return head;
  let end = head.length;
  while (end > head.length - 4 && ((head[end - 1] ?? 0) & 0xc0) === 0x80) end -= 1;
  return head.subarray(0, end - 1);
}

async function pixelsOf(head: Uint8Array): Promise<{ width: number; height: number } | undefined> {
  const { imageSize } = await import("image-size");
  try {
    const { width, height, orientation = 1 } = imageSize(head);
    if (!(width > 0 && height > 0)) return undefined;
    // From 5 on it is shown lying on its side.
    return orientation >= 5 ? { width: height, height: width } : { width, height };
  } catch {
    return undefined;
  }
}
