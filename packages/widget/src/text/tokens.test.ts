import { expect, it } from "vitest";
import { tokensOf } from "./tokens.js";

const links = (text: string): string[] => tokensOf(text).flatMap((token) => (token.type === "link" ? [token.href] : []));

it.each([
  ["https://example.com", ["https://example.com/"]],
  ["See https://example.com/a?b=c#d.", ["https://example.com/a?b=c#d"]],
  ["(https://example.com/a)", ["https://example.com/a"]],
  ["https://en.wikipedia.org/wiki/Fern_(plant), and more", ["https://en.wikipedia.org/wiki/Fern_(plant)"]],
  ["www.example.com is enough", ["https://www.example.com/"]],
  ["HTTPS://EXAMPLE.COM/A", ["https://example.com/A"]],
  ["mailto:ann@example.com?subject=hi", ["mailto:ann@example.com?subject=hi"]],
  ["two: http://a.example http://b.example!", ["http://a.example/", "http://b.example/"]],
  ["https://مثال.example/مسار", ["https://xn--mgbh0fb.example/%D9%85%D8%B3%D8%A7%D8%B1"]],
  ["https://x/\"onfocus=alert(1) autofocus=\"", ["https://x/"]],
])("finds the addresses in %s", (text, expected) => {
  expect(links(text)).toEqual(expected);
});

it.each([
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\tscript:alert(1)",
  " javascript:alert(1)",
  "javascript&colon;alert(1)",
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
  "www.",
  "ftp://example.com",
  "nothing here",
  "",
])("leaves %j as text", (text) => {
  expect(links(text)).toEqual([]);
});

it.each(["a https://example.com b", "https://example.com).", "www.x.example,www.y.example", "\u202Ehttps://example.com\u202C", "<https://example.com>", "a\n\nb"])(
  "keeps every character of %j",
  (text) => {
    expect(
      tokensOf(text)
        .map((token) => token.text)
        .join(""),
    ).toBe(text);
  },
);

it.each(["http://", "mailto:", "www.", ")", "https://a.example/)", "(", "mailto:a", "a@", "https://a.example/" + ")".repeat(100)])("takes little time for %j said 32 KB long", (part) => {
  const text = part.repeat(Math.ceil(32_768 / part.length));
  const started = performance.now();
  tokensOf(text);
  expect(performance.now() - started).toBeLessThan(500); // it takes 5; what grows by the square takes seconds
});
