import { ChatError, type Limits } from "@chat-widget/protocol";

/** C0 and C1 controls other than tab and newline, which no message needs and some terminals obey. */
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;
/** Anything a reader would see. */
const visible = /[^\s\p{Default_Ignorable_Code_Point}\p{Cc}]/u;

/**
 * A text as it is stored: well-formed Unicode, lines ended by `\n`, no control characters.
 *
 * @throws {ChatError} `invalid` when nothing of it can be seen, `too-large` when it exceeds `limits.textBytes`.
 */
export function cleanText(text: string, limits: Limits): string {
  const clean = text.toWellFormed().replaceAll(/\r\n?/g, "\n").replaceAll(controls, "");
  if (!visible.test(clean)) throw new ChatError("invalid", "unable to take the text; there is nothing to see in it");
  const bytes = Buffer.byteLength(clean);
  if (bytes > limits.textBytes) {
    throw new ChatError("too-large", `unable to take the text; it has ${bytes} bytes and ${limits.textBytes} are allowed`, { details: { limit: limits.textBytes } });
  }
  return clean;
}
