import { Lines } from "./lines.js";
import { spansOf } from "./spans.js";
import type { Token } from "./token.js";

/** The tokens of a message's text, read in one pass. Every character is in them except the marks; what is not well formed is text as it was typed. */
export function formatOf(text: string): Token[] {
  const lines = new Lines(text);
  const tokens: Token[] = [];
  let plain: string[] = [];
  const flush = (): void => {
    // A block has space around it; the blank lines that made it are in it.
    if (tokens.length > 0 && plain[0] === "") plain.shift();
    for (const token of spansOf(plain.join("\n"))) tokens.push(token);
    plain = [];
  };
  for (let index = 0; index < lines.all.length; ) {
    const block = lines.blockAt(index);
    if (block === undefined) plain.push(lines.all[index++] ?? "");
    else {
      if (plain.at(-1) === "") plain.pop();
      flush();
      tokens.push(block.token);
      index = block.next;
    }
  }
  flush();
  return tokens;
}
