import { bareLinkAt, namedLinkAt } from "./link.js";
import type { Token } from "./token.js";

const points = /(?<![\w:])(?:https?:\/\/|www\.|mailto:)|[*_~]+|`+|\[|\n/giu;
const marks = { "*": "strong", "**": "strong", _: "em", "~": "strike", "~~": "strike" } as const;
type Mark = keyof typeof marks;

// A mark counts where a word begins or ends, so that sums, names, paths and faces stay as they are.
const beforeOpening = /^$|[\s\p{Ps}\p{Pi}\p{So}\p{Cs}\p{Cf}\uFE0F"'¿¡]/u;
const afterOpening = /[^\s^<>=/\\|.,;:!?%\-)\]}]/u;
const beforeClosing = /[^\s^<=/\\|([{]/u;
const afterClosing = /^$|[\s\p{Pe}\p{Pf}\p{Pd}\p{So}\p{Cs}\p{Cf}"'.,;:!?…]/u;
const word = /[\p{L}\p{N}]/u;

/** A beginning that waits for its end. */
interface Opened {
  readonly mark: Mark;
  /** Where the marks it stands among begin. */
  readonly at: number;
  /** What was before it. */
  readonly before: Token[];
}

/** Bold, italic, strike, code and links in lines of text. What has no other half on its line is text. */
export function spansOf(text: string): Token[] {
  return new Spans(text).read();
}

class Spans {
  readonly #text: string;
  #tokens: Token[] = [];
  /** At most one of each mark, so that nothing is nested deeper. */
  readonly #opened: Opened[] = [];
  /** Up to here the text is in the tokens. */
  #end = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Token[] {
    let from = 0;
    for (const { 0: match, index } of this.#text.matchAll(points)) if (index >= from) from = this.#readPoint(match, index);
    this.#addText(this.#text.length);
    this.#giveUp(0);
    return this.#tokens;
  }

  /** Gives where to go on. */
  #readPoint(match: string, index: number): number {
    if (match === "\n") {
      this.#addText(index);
      this.#giveUp(0);
    } else if (match.startsWith("`")) return this.#readCode(match, index);
    else if (/^[*_~]/u.test(match)) this.#readMarks(match, index);
    else {
      const found = match === "[" ? namedLinkAt(this.#text, index) : bareLinkAt(this.#text, index);
      if (typeof found === "number") return found;
      if (found !== undefined) return this.#addFound(found.token, index, found.end);
    }
    return index + match.length;
  }

  #readCode(ticks: string, index: number): number {
    const text = this.#text;
    const from = index + ticks.length;
    const to = text.indexOf("`", from);
    const end = to + ticks.length;
    const code = text.slice(from, to);
    const isCode =
      to >= 0 && text.startsWith(ticks, to) && text[end] !== "`" && code.trim() !== "" && !code.includes("\n") && !word.test(text[index - 1] ?? "") && !word.test(text[end] ?? "");
    return isCode ? this.#addFound({ type: "code", text: code }, index, end) : from;
  }

  #readMarks(match: string, index: number): void {
    const previous = this.#text[index - 1] ?? "";
    const next = this.#text[index + match.length] ?? "";
    const canOpen = beforeOpening.test(previous) && afterOpening.test(next);
    const canClose = beforeClosing.test(previous) && afterClosing.test(next);
    const run: string[] = match.match(/\*+|_+|~+/gu) ?? [];
    if (!run.every(isMark)) return;
    let at = index;
    for (const mark of run) {
      const level = this.#opened.findIndex((opened) => opened.mark === mark && opened.at < index);
      if (canClose && level >= 0) {
        this.#addText(at);
        this.#giveUp(level + 1);
        const inside = this.#tokens;
        this.#tokens = this.#opened.pop()?.before ?? [];
        this.#add({ type: marks[mark], tokens: inside });
        this.#end = at + mark.length;
      } else if (canOpen) {
        this.#addText(at);
        if (level >= 0) this.#giveUp(level);
        this.#opened.push({ mark, at: index, before: this.#tokens });
        this.#tokens = [];
        this.#end = at + mark.length;
      }
      at += mark.length;
    }
  }

  #addFound(token: Token, index: number, end: number): number {
    this.#addText(index);
    this.#add(token);
    return (this.#end = end);
  }

  #addText(to: number): void {
    if (to > this.#end) this.#add({ type: "text", text: this.#text.slice(this.#end, to) });
    this.#end = to;
  }

  #add(token: Token): void {
    const last = this.#tokens.at(-1);
    if (token.type === "text" && last?.type === "text") this.#tokens.splice(-1, 1, { type: "text", text: last.text + token.text });
    else this.#tokens.push(token);
  }

  /** Turns what was opened from a level on back into text. */
  #giveUp(level: number): void {
    for (const { mark, before } of this.#opened.splice(level).toReversed()) {
      const inside = this.#tokens;
      this.#tokens = before;
      this.#add({ type: "text", text: mark });
      for (const token of inside) this.#add(token);
    }
  }
}

function isMark(run: string): run is Mark {
  return Object.hasOwn(marks, run);
}
