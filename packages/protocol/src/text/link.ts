import type { Token } from "./token.js";

const bare = /(?:https?:\/\/|www\.)[^\s<>"\p{Bidi_Control}]+|mailto:[^\s<>"@]{1,64}@[^\s<>"\p{Bidi_Control}]+/iuy;
const named = /\[([^[\]\n]+)\]\((https?:\/\/(?:[^\s<>"()]|\([^\s<>"()]*\))+)\)/iuy;
const trailing = ".,;:!?'*_~`”’»…";
/** Words that could be taken for an address, or that turn what is beside them around. */
const deceiving = /:\/\/|www\.|@|\p{Bidi_Control}/iu;
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** A link and where the text goes on after it. */
export interface FoundLink {
  readonly token: Token & { type: "link" };
  readonly end: number;
}

/** The address that begins here, as it was typed. Gives the end of what looked like one and is none. */
export function bareLinkAt(text: string, index: number): FoundLink | number {
  bare.lastIndex = index;
  const match = bare.exec(text)?.[0];
  if (match === undefined) return index + 1;
  const found = withoutTrailing(match);
  const url = urlOf(/^www\./iu.test(found) ? `https://${found}` : found);
  if (url === undefined) return index + match.length;
  // In letters of other alphabets, or around an `@`, an address can look like another one.
  const isPlain = url.host === found.replace(/^(?:https?:\/\/)?/iu, "").split(/[/?#]/u, 1)[0]?.toLowerCase();
  return { token: { type: "link", text: found, href: url.href, ...(!isPlain && url.host !== "" && { host: url.host }) }, end: index + found.length };
}

/** `[words](https://…)` that begins here. */
export function namedLinkAt(text: string, index: number): FoundLink | undefined {
  named.lastIndex = index;
  const [match, words = "", address = ""] = named.exec(text) ?? [];
  if (match === undefined || deceiving.test(words) || !visible.test(words)) return undefined;
  const url = urlOf(address);
  return url && { token: { type: "link", text: words, href: url.href, host: url.host }, end: index + match.length };
}

/** Punctuation after an address belongs to the sentence; a bracket belongs to the address only when it was opened in it. */
function withoutTrailing(match: string): string {
  const dropped = trailing + (match.includes("(") ? "" : ")") + (match.includes("[") ? "" : "]");
  let length = match.length;
  while (length > 0 && dropped.includes(match.charAt(length - 1))) length--;
  return match.slice(0, length);
}

function urlOf(address: string): URL | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return /^(?:https?|mailto):$/u.test(url.protocol) && url.username === "" && url.password === "" ? url : undefined;
}
