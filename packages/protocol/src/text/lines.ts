import { spansOf } from "./spans.js";
import type { Token } from "./token.js";

const fence = /^```([\w+#.-]{0,20})([^`]*)$/u;
const item = /^([-*•]|(0|[1-9]\d{0,8})\.) (?=\S)/u;
// "> 3" is a comparison.
const quote = /^> (?![\s=]|[-+±~<>]?\p{Sc}?\d)/u;
const quoteGoesOn = /^>(?: |$)/u;

/** The lines of a text, and the code, lists and quotes among them. */
export class Lines {
  readonly all: readonly string[];
  /** Looked for once, so that beginnings without an end cost nothing. */
  readonly #lastFence: number;

  constructor(text: string) {
    this.all = text.split("\n");
    this.#lastFence = this.all.findLastIndex(endsCode);
  }

  /** The block that begins in a line, and the line after it. */
  blockAt(index: number): { readonly token: Token; readonly next: number } | undefined {
    return this.#codeAt(index) ?? this.#listAt(index) ?? this.#quoteAt(index);
  }

  #codeAt(index: number) {
    const [head, word = "", rest = ""] = fence.exec(this.all[index] ?? "") ?? [];
    if (head === undefined || index >= this.#lastFence) return undefined;
    let next = index + 1;
    while (!endsCode(this.all[next] ?? "")) next++;
    const last = this.all[next]?.trimEnd().slice(0, -3) ?? "";
    // A word alone is the name of the language, unless the code goes on to the very end as well.
    const isNamed = rest.trim() === "" && last === "";
    const code = [...(isNamed || word + rest === "" ? [] : [word + rest]), ...this.all.slice(index + 1, next), ...(last === "" ? [] : [last])];
    const token: Token = { type: "code-block", text: code.join("\n"), ...(isNamed && word !== "" && { language: word }) };
    return { token, next: next + 1 };
  }

  /** One line alone may be a remark, a signature or a year; numbers that do not follow each other are not a list's. */
  #listAt(index: number) {
    const [, bullet, number] = item.exec(this.all[index] ?? "") ?? [];
    if (bullet === undefined) return undefined;
    const start = number === undefined ? undefined : Number(number);
    const tokens: Token[] = [];
    for (let next = index; ; next++) {
      const wanted = `${start === undefined ? bullet : `${start + tokens.length}.`} `;
      const line = this.all[next] ?? "";
      if (line.startsWith(wanted) && item.test(line)) tokens.push({ type: "item", tokens: spansOf(line.slice(wanted.length)) });
      else if (tokens.length < 2) return undefined;
      else return { token: { type: "list", tokens, ...(start !== undefined && { start }) } as const, next };
    }
  }

  #quoteAt(index: number) {
    if (!quote.test(this.all[index] ?? "")) return undefined;
    let next = index + 1;
    while (quoteGoesOn.test(this.all[next] ?? "")) next++;
    const text = this.all.slice(index, next).map((line) => line.slice(2));
    const token: Token = { type: "quote", tokens: spansOf(text.join("\n")) };
    return { token, next };
  }
}

function endsCode(line: string): boolean {
  return line.trimEnd().endsWith("```");
}
