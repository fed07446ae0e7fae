import * as fc from "fast-check";
import { expect, it } from "vitest";
import { formatOf } from "./format.js";
import { plainTextOf } from "./plain-text.js";
import type { Token } from "./token.js";

/** Tokens as a short line: `b(…)`, `i(…)`, `s(…)`, `code(…)`. */
const drawn = (tokens: readonly Token[]): string =>
  tokens
    .map((token) => {
      switch (token.type) {
        case "text":
          return token.text;
        case "code":
          return `code(${token.text})`;
        case "code-block":
          return `block${token.language === undefined ? "" : `:${token.language}`}(${token.text})`;
        case "link":
          return `link(${token.text}${token.host === undefined ? "" : ` @ ${token.host}`})`;
        case "list":
          return `${token.start === undefined ? "ul" : `ol:${token.start}`}(${drawn(token.tokens)})`;
        default:
          return `${{ strong: "b", em: "i", strike: "s", quote: "quote", item: "li" }[token.type]}(${drawn(token.tokens)})`;
      }
    })
    .join("");
const shown = (text: string): string => drawn(formatOf(text));

it.each([
  ["*bold* and _italic_ and ~gone~", "b(bold) and i(italic) and s(gone)"],
  ["**bold** and ~~gone~~", "b(bold) and s(gone)"],
  ["*_both_*, _*both*_", "b(i(both)), i(b(both))"],
  ["*_~all~_*", "b(i(s(all)))"],
  ["*a _b_ c*", "b(a i(b) c)"],
  ["(*so*), \"*so*\", '*so*'.", "(b(so)), \"b(so)\", 'b(so)'."],
  ["*Danke*🙏 🙏*Danke*", "b(Danke)🙏 🙏b(Danke)"],
  ["*🎉 hi 🎉*", "b(🎉 hi 🎉)"],
  ["*two words!*", "b(two words!)"],
  ["*fett*-gedruckt", "b(fett)-gedruckt"],
  ["*עברית* ו_נטוי_ _نص_", "b(עברית) ו_נטוי_ i(نص)"],
  ["\u200F*مهم*\u200F", "\u200Fb(مهم)\u200F"],
  ["_snake_case_", "i(snake_case)"],
  ["*not *this*", "*not b(this)"],
  ["_a *b_ c*", "i(a *b) c*"],
  ["`code` and `*as typed*`", "code(code) and code(*as typed*)"],
  ["```a ` b``` in a line", "```a ` b``` in a line"],
  ["``x`` ```y```", "code(x) code(y)"],
  ["`https://example.com`", "code(https://example.com)"],
  ["*https://example.com/a_b_c*", "b(link(https://example.com/a_b_c))"],
  ["\uD83D*x*\uDE00y", "\uD83Db(x)\uDE00y"],
  ["_see www.example.com._", "i(see link(www.example.com).)"],
])("reads %j", (text, expected) => {
  expect(shown(text)).toBe(expected);
});

it.each([
  "2*3*4",
  "2 * 3 * 4",
  "5*x*y and a*b*c",
  "snake_case_name and __init__ and _private",
  "CONSTANT_NAME_1, a_b_",
  ":-* :* love :*",
  "~5 € or ~6 €",
  "~/notes and ~ann",
  "a ~ b ~ c",
  "> 3",
  "> 3 people, I think",
  "> -5 °C",
  "> $5",
  ">:( and >_< and >> x",
  ">= 4",
  "(*^_^*) (*_*) -_- T_T ^_^ ~_~ (~_~;) o_O",
  "¯\\_(ツ)_/¯",
  "C:\\_dir_\\*.txt",
  "/usr/lib/_x_/*y*/",
  "src/**/*.ts and *.js and *.css",
  "def f(*args, **kwargs): pass",
  "int *a, *b; *p++ = *q++;",
  "SELECT * FROM t WHERE a*b",
  "/** doc */ /* note */",
  "* ",
  "**",
  "****",
  "***x***",
  "* * *",
  "---",
  "*\n*",
  "*two\nlines*",
  "* spaces *",
  "``",
  "` `",
  "don`t and can`t",
  "`two\nlines`",
  "```",
  "```js",
  "```\n never closed",
  "- one line",
  "* one line",
  "2024. That was a year.",
  "1. a\n3. c",
  "1) a\n2) b",
  "-5\n-6",
  " * @param a\n * @param b",
  "-a\n-b",
  "a[i](x) and [x]",
  "\\*x\\*",
  "<b>*</b>",
  "",
  "\n\n",
])("leaves %j as it was typed", (text) => {
  expect(shown(text)).toBe(text);
});

it.each([
  ["- a\n- b", "ul(li(a)li(b))"],
  ["Buy:\n• *milk*\n• bread\nThanks", "Buy:ul(li(b(milk))li(bread))Thanks"],
  ["Buy:\n\n* milk\n* bread\n\nThanks", "Buy:ul(li(milk)li(bread))Thanks"],
  ["1. a\n2. b\n3. c", "ol:1(li(a)li(b)li(c))"],
  ["21. November\n22. November", "ol:21(li(November)li(November))"],
  ["1. a\n2. b\n4. d", "ol:1(li(a)li(b))4. d"],
  ["- a\n- b\n* c\n* d", "ul(li(a)li(b))ul(li(c)li(d))"],
  ["> words\n> more *words*\nmine", "quote(words\nmore b(words))mine"],
  ["> words\n> 3 of them\n>\n> end", "quote(words\n3 of them\n\nend)"],
  ["```\na\n  *b*\n```", "block(a\n  *b*)"],
  ["```js\nlet x;\n```", "block:js(let x;)"],
  ["```c++\nx\n```\nafter", "block:c++(x)after"],
  ["```one\ntwo```", "block(one\ntwo)"],
  ["```let x = 1;\nlet y;```", "block(let x = 1;\nlet y;)"],
  ["before\n```\n- a\n- b\n> c\n```\n\nafter", "beforeblock(- a\n- b\n> c)after"],
  ["```\na\n```\n```\nb\n```", "block(a)block(b)"],
])("finds the blocks of %j", (text, expected) => {
  expect(shown(text)).toBe(expected);
});

it.each([
  ["*Hello* _Ann_, see [the guide](https://example.com/a) `now`", "Hello Ann, see the guide now"],
  ["Buy:\n- *milk*\n- bread\nThanks", "Buy:\nmilk\nbread\nThanks"],
  ["> so\nyes", "so\nyes"],
  ["Look:\n```js\nlet x;\n```", "Look:\nlet x;"],
  ["2*3*4", "2*3*4"],
])("says %j without its marks", (text, expected) => {
  expect(plainTextOf(text)).toBe(expected);
});

/** Texts in which marks are close together. */
const marked = fc.oneof(
  fc.array(fc.constantFrom("*", "**", "_", "~", "~~", "`", "```", "\n", " ", "a", "word", "1. ", "2. ", "- ", "> ", "[", "](https://a.example)", ")", "(", "https://b.example/c", "www.", "mailto:", "@", ".", "é", "🎉", "\uD83D", "\uDE00", "\u202E", "مرحبا", "\u200B", "<b>", "&lt;"), { maxLength: 60 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 200 }),
);
const typedTextsOf = (tokens: readonly Token[]): string[] => tokens.flatMap((token) => ("text" in token ? [("language" in token && token.language) || "", token.text] : typedTextsOf(token.tokens)));
const depthOf = (tokens: readonly Token[]): number => Math.max(0, ...tokens.map((token) => 1 + ("tokens" in token ? depthOf(token.tokens) : 0)));

const withoutMarks = (text: string): string => text.replaceAll(/[*_~`>[\]()•\s-]|\d+\.(?= )/gu, "");

it("loses nothing but marks", () => {
  fc.assert(
    // What a link leads to is not in its words.
    fc.property(marked.map((text) => text.replaceAll("](", "")), (text) => {
      expect(withoutMarks(typedTextsOf(formatOf(text)).join(""))).toBe(withoutMarks(text));
    }),
    { numRuns: 3000 },
  );
});

it("reads one text always the same, never deeply, and what it left as text again as text", () => {
  fc.assert(
    fc.property(marked, marked, (text, other) => {
      const tokens = formatOf(text);
      formatOf(other);
      expect(formatOf(text)).toEqual(tokens);
      expect(depthOf(tokens)).toBeLessThanOrEqual(8);
      const [only] = tokens;
      if (tokens.length === 1 && only?.type === "text") expect(formatOf(only.text)).toEqual(tokens);
      expect(plainTextOf(text).length).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 3000 },
  );
});
