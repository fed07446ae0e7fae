import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { page } from "vitest/browser";
import { ann, me, said } from "../../gallery/fake-client.js";
import { scenes } from "../../gallery/scenes.js";
import { clear, complaints, type Stage, stage } from "../../gallery/stage.js";

beforeEach(() => page.viewport(1000, 800));
afterEach(clear);

const open = (...texts: string[]): Promise<Stage> =>
  stage(({ room, widget }) => {
    room.set({ messages: texts.map((text) => said(ann, text)) });
    widget.show();
  });
/** Waits for the code that reads marks. */
const formatted = async (...texts: string[]): Promise<Stage> => {
  const staged = await open("*first*", ...texts);
  await vi.waitFor(() => staged.find("[part~=text] strong"));
  return staged;
};
const htmlOf = (staged: Stage): string[] => staged.all("[part~=text]").slice(1).map(({ innerHTML }) => innerHTML.replaceAll(/<!--.*?-->/gu, ""));

it("shows marks as elements", async () => {
  const staged = await formatted("*b* _i_ ~s~ `c`", "- a\n- *b*", "3. a\n4. b", "> q", "```js\nlet x;\n```", "2*3*4 :-* > 3");
  expect(htmlOf(staged)).toEqual([
    "<strong>b</strong> <em>i</em> <s>s</s> <code>c</code>",
    '<ul><li dir="auto">a</li><li dir="auto"><strong>b</strong></li></ul>',
    '<ol start="3"><li dir="auto">a</li><li dir="auto">b</li></ol>',
    "<blockquote>q</blockquote>",
    '<pre dir="ltr"><code>let x;</code></pre>',
    "2*3*4 :-* &gt; 3",
  ]);
});

it("shows words that lead elsewhere with where they lead, whichever way they are written", async () => {
  const staged = await formatted("[دليل](https://evil.example/a) and https://аррӏе.example");
  expect(staged.all(".host").map(({ textContent }) => textContent)).toEqual(["(evil.example)", "(xn--80ak6aa92e.example)"]);
  expect(staged.all("a + .host")).toHaveLength(2);
});

const payloads = [
  "<img src=x onerror=window.hacked=1>",
  "<svg/onload=window.hacked=1>",
  "\"><script>window.hacked=1</script>",
  "' autofocus onfocus=window.hacked=1 x='",
  "javascript:window.hacked=1",
  "https://x.example/\"onmouseover=window.hacked=1",
  "&lt;img src=x onerror=window.hacked=1&gt;",
  "</code></pre><script>window.hacked=1</script>",
  "<!--><img src=x onerror=window.hacked=1>-->",
  "${window.hacked=1}{{window.hacked=1}}",
  "\u0000<b>\u202E</b>",
];
const wrappings: ((payload: string) => string)[] = [
  (payload) => `*${payload}*`,
  (payload) => `_${payload}_`,
  (payload) => `~${payload}~`,
  (payload) => `\`${payload}\``,
  (payload) => `\`\`\`${payload}\n${payload}\n\`\`\``,
  (payload) => `[${payload}](https://a.example)`,
  (payload) => `[words](${payload})`,
  (payload) => `[words](https://a.example/${payload})`,
  (payload) => `- ${payload}\n- *${payload}*`,
  (payload) => `1. ${payload}\n2. ${payload}`,
  (payload) => `> ${payload}\n> _${payload}_`,
  (payload) => `https://a.example/${payload}`,
];

it("makes no element of what is typed but its own, whatever stands between the marks", async () => {
  const staged = await formatted(...payloads.flatMap((payload) => wrappings.map((wrap) => wrap(payload))));
  const elementsAllowed = new Set(["STRONG", "EM", "S", "CODE", "PRE", "UL", "OL", "LI", "BLOCKQUOTE", "A", "BDI"]);
  const elements = staged.all("[part~=text] *");
  expect(elements.length).toBeGreaterThan(100);
  expect(elements.filter(({ tagName }) => !elementsAllowed.has(tagName))).toEqual([]);
  const attributesAllowed = new Set(["class", "dir", "start", "href", "target", "rel", "referrerpolicy"]);
  expect(elements.flatMap((element) => element.getAttributeNames()).filter((name) => !attributesAllowed.has(name))).toEqual([]);
  for (const link of staged.all("a")) expect(link.getAttribute("href")).toMatch(/^https:\/\/[ax]\.example\//u);
  await new Promise((resolve) => setTimeout(resolve));
  expect("hacked" in window).toBe(false);
});

it("says, quotes and announces without the marks", async () => {
  const quoted = said(ann, "*So* `it` is");
  const staged = await stage(({ room, widget }) => {
    room.set({ messages: [quoted, said(me, "yes", { replyTo: quoted.id, quote: quoted })] });
    widget.show();
  });
  await vi.waitFor(() => expect(staged.find(".quote > :last-child").textContent).toBe("So it is"));
  staged.room.receive(said(ann, "*Hello* _you_"));
  await vi.waitFor(() => expect(staged.find("[role=status]").textContent).toContain("Hello you"));
});

it.each(["light", "dark"] as const)("has nothing axe complains of in %s", async (theme) => {
  document.documentElement.style.colorScheme = theme;
  const staged = await stage((staged) => {
    scenes["formatted"]?.(staged);
    staged.widget.show();
  });
  await vi.waitFor(() => staged.find("[part~=text] strong"));
  expect(await complaints()).toEqual([]);
  document.documentElement.style.colorScheme = "";
});
