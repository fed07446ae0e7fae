import { formatOf } from "./format.js";
import type { Token } from "./token.js";

/** What a message says without its marks: for notifications, quotes, and what is read aloud. */
export function plainTextOf(text: string): string {
  const pieces: string[] = [];
  write(formatOf(text), pieces);
  return pieces.join("").trimEnd();
}

function write(tokens: readonly Token[], pieces: string[]): void {
  for (const token of tokens) {
    const isBlock = token.type === "code-block" || token.type === "quote" || token.type === "item";
    if (isBlock) breakLine(pieces);
    if ("text" in token) pieces.push(token.text);
    else write(token.tokens, pieces);
    if (isBlock) breakLine(pieces);
  }
}

function breakLine(pieces: string[]): void {
  if (pieces.length > 0 && pieces.at(-1)?.endsWith("\n") === false) pieces.push("\n");
}
