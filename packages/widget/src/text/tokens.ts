/** A stretch of a message: words, or an address to follow. */
export type Token = { readonly type: "text"; readonly text: string } | { readonly type: "link"; readonly text: string; readonly href: string };

const candidates = /(?<![\w:])(?:(?:https?:\/\/|www\.)[^\s<>"]+|mailto:[^\s<>"@]{1,64}@[^\s<>"]+)/giu;
const allowed = new Set(["http:", "https:", "mailto:"]);
const trailing = ".,;:!?'*_~”’»…";

/** Finds the addresses in a text. The tokens' texts, joined, are the text as it was typed. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const { 0: match, index } of text.matchAll(candidates)) {
    const found = withoutTrailing(match);
    const href = hrefOf(found);
    if (href === undefined) continue;
    if (index > end) tokens.push({ type: "text", text: text.slice(end, index) });
    tokens.push({ type: "link", text: found, href });
    end = index + found.length;
  }
  if (end < text.length) tokens.push({ type: "text", text: text.slice(end) });
  return tokens;
}

/** Punctuation after an address belongs to the sentence; a bracket belongs to the address only when it was opened in it. */
function withoutTrailing(match: string): string {
  const dropped = trailing + (match.includes("(") ? "" : ")") + (match.includes("[") ? "" : "]");
  let length = match.length;
  while (length > 0 && dropped.includes(match.charAt(length - 1))) length--;
  return match.slice(0, length);
}

function hrefOf(found: string): string | undefined {
  const address = /^www\./iu.test(found) ? `https://${found}` : found;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return allowed.has(url.protocol) ? url.href : undefined;
}
