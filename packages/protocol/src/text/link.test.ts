import { expect, it } from "vitest";
import { formatOf } from "./format.js";
import type { Token } from "./token.js";

const linksIn = (tokens: readonly Token[]): (Token & { type: "link" })[] => tokens.flatMap((token) => (token.type === "link" ? [token] : "tokens" in token ? linksIn(token.tokens) : []));
const linksOf = (text: string) => linksIn(formatOf(text));

it.each([
  ["https://example.com", ["https://example.com/"]],
  ["See https://example.com/a?b=c#d.", ["https://example.com/a?b=c#d"]],
  ["(https://example.com/a)", ["https://example.com/a"]],
  ["https://en.wikipedia.org/wiki/Fern_(plant), and more", ["https://en.wikipedia.org/wiki/Fern_(plant)"]],
  ["www.example.com is enough", ["https://www.example.com/"]],
  ["HTTPS://EXAMPLE.COM/A", ["https://example.com/A"]],
  ["mailto:ann@example.com?subject=hi", ["mailto:ann@example.com?subject=hi"]],
  ["two: http://a.example http://b.example!", ["http://a.example/", "http://b.example/"]],
  ["https://example.com:8443/a*b*c_d_e", ["https://example.com:8443/a*b*c_d_e"]],
  ["`https://a.example` https://b.example", ["https://b.example/"]],
  ["https://x/\"onfocus=alert(1) autofocus=\"", ["https://x/"]],
])("finds the addresses in %s, which say themselves where they lead", (text, expected) => {
  expect(linksOf(text).map(({ href }) => href)).toEqual(expected);
  expect(linksOf(text).map(({ host }) => host)).toEqual(expected.map(() => undefined));
});

it.each([
  ["https://مثال.example/مسار", "xn--mgbh0fb.example"],
  ["https://аррӏе.example", "xn--80ak6aa92e.example"],
  ["https://evil.example\\@bank.example", "evil.example"],
  ["https://127.1/", "127.0.0.1"],
  ["https://ｅvil.example", "evil.example"],
])("says beside %s where it leads", (text, host) => {
  expect(linksOf(text)).toMatchObject([{ text, host }]);
});

it.each([
  ["[the guide](https://example.com/a)", "the guide", "example.com", "https://example.com/a"],
  ["[example.com](https://ample.com/)", "example.com", "ample.com", "https://ample.com/"],
  ["[report.pdf](https://evil.example/x)", "report.pdf", "evil.example", "https://evil.example/x"],
  ["[دليل](https://example.com/a)", "دليل", "example.com", "https://example.com/a"],
  ["[fern](https://en.wikipedia.org/wiki/Fern_(plant))", "fern", "en.wikipedia.org", "https://en.wikipedia.org/wiki/Fern_(plant)"],
])("follows %s and says beside it where it leads", (text, words, host, href) => {
  expect(linksOf(text)).toEqual([{ type: "link", text: words, host, href }]);
});

it.each([
  "[https://bank.example](https://evil.example)",
  "[www.bank.example](https://evil.example)",
  "[ann@bank.example](https://evil.example)",
  "[words \u202E](https://evil.example)",
  "[\u200B](https://evil.example)",
  "[ ](https://evil.example)",
  "[](https://evil.example)",
  "[two\nlines](https://evil.example)",
  "[[words]](https://evil.example)",
])("leaves %j as it was typed, the address to be seen", (text) => {
  expect(linksOf(text).filter(({ text }) => !text.includes(".example"))).toEqual([]);
  expect(
    formatOf(text)
      .map((token) => ("text" in token ? token.text : ""))
      .join(""),
  ).toBe(text);
});

it.each([
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\tscript:alert(1)",
  " javascript:alert(1)",
  "javascript&colon;alert(1)",
  "[click](javascript:alert(1))",
  "[click](\u0001javascript:alert(1))",
  "[click](data:text/html,x)",
  "[click](//evil.example)",
  "[click](https:evil.example)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:msgbox(1)",
  "blob:https://example.com/1",
  "file:///etc/passwd",
  "intent://scan/#Intent;end",
  "https:evil.com",
  "//evil.com",
  "\\\\evil.com",
  "https://",
  "http://%",
  "https://bank.example@evil.example/",
  "https://user:password@evil.example/",
  "[click](https://bank.example@evil.example/)",
  "www.",
  "ftp://example.com",
  "nothing here",
])("leaves %j as text", (text) => {
  expect(linksOf(text)).toEqual([]);
});
