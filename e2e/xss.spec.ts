import { expect, test, type Browser, type Page } from "@playwright/test";
import { Chat } from "./chat.js";
import { hostileFormats, hostileTexts } from "./hostile-texts.js";
import { strictSite, type StrictSite, watchedPage } from "./strict-site.js";

const texts = Object.values(hostileTexts).flat();

let site: StrictSite;
test.afterEach(() => site.close());

/** What a text may become; nothing else may be on the screen that was not there before. */
const elementsOfText = new Set(["a", "b", "strong", "em", "i", "del", "s", "code", "pre", "blockquote", "ul", "ol", "li", "br", "p", "span", "div"]);

interface Inside {
  elements: string[];
  attributes: string[];
  links: Record<string, string>[];
}

/** Every element in the widget's shadow roots, what could run in them, and all links. */
function inside(page: Page): Promise<Inside> {
  return page.locator("chat-widget").evaluate((widget) => {
    const elements = new Set<string>();
    const attributes = new Set<string>();
    const links: Record<string, string>[] = [];
    const walk = (root: ParentNode): void => {
      for (const element of root.querySelectorAll("*")) {
        elements.add(element.localName);
        for (const { name } of element.attributes) if (/^on|^src|^formaction$|^action$|^xlink|^style$|^ping$/.test(name)) attributes.add(`${element.localName}.${name}`);
        if (element.localName === "a") links.push(Object.fromEntries(Array.from(element.attributes, ({ name, value }) => [name, value])));
        if (element.shadowRoot !== null) walk(element.shadowRoot);
      }
    };
    if (widget.shadowRoot !== null) walk(widget.shadowRoot);
    return { elements: [...elements], attributes: [...attributes], links };
  });
}

/** Opens a room, and gives what it is made of while nothing hostile is in it. */
async function open(browser: Browser, room: string): Promise<{ chat: Chat; page: Page; problems: string[]; plain: Inside }> {
  const { page, problems } = await watchedPage(await browser.newContext(), site);
  const chat = new Chat(page);
  await expect(chat.composer).toBeEditable();
  await page.locator("chat-widget").evaluate((widget, room) => void Reflect.set(widget, "room", room), room);
  await expect(chat.composer).toBeEditable();
  await site.chat.room(room).send({ author: { id: "bob", name: "Bob" }, text: "a plain message" });
  await site.chat.room(room).send({ author: { id: "eve", name: "Eve" }, text: "and an address: https://example.com/" });
  await expect(chat.widget.locator("[part~=text] a")).toHaveCount(1);
  // Brings the bar with what one can do with a message.
  await chat.widget.locator("[part~=text]").last().hover();
  await expect(chat.widget.locator("chat-widget-actions")).toHaveCount(1);
  return { chat, page, problems, plain: await inside(page) };
}

/** Nothing ran, nothing was asked for, and nothing is on the screen that a text may not become. */
async function isInert({ page, problems, plain }: Awaited<ReturnType<typeof open>>): Promise<void> {
  const { elements, attributes, links } = await inside(page);
  expect(elements.filter((name) => !plain.elements.includes(name) && !elementsOfText.has(name))).toEqual([]);
  expect(attributes.filter((name) => !plain.attributes.includes(name))).toEqual([]);
  for (const { href = "", ...others } of links) {
    expect(new URL(href).protocol).toMatch(/^(https?|mailto):$/);
    expect(others).toEqual({ rel: "noopener noreferrer nofollow ugc", target: "_blank", referrerpolicy: "no-referrer" });
  }
  expect(await page.title()).toBe("Strict");
  expect(await page.evaluate(() => document.body.children.length)).toBe(1);
  expect(problems).toEqual([]);
}

/** Moves over and clicks what was written, as a visitor might. */
async function touch(page: Page): Promise<void> {
  for (const text of (await page.locator("chat-widget [part~=text]").all()).slice(-5)) await text.hover();
  await page.keyboard.press("Tab");
}

for (const [kind, group] of Object.entries(hostileTexts)) {
  test(`${kind}: shown as they were typed, as text, as name and as quote`, async ({ browser }) => {
    site = await strictSite();
    const opened = await open(browser, "room");
    const room = site.chat.room("room");
    const sent: string[] = ["a plain message", "and an address: https://example.com/"];
    const names: string[] = [];
    let replyTo: string | undefined;
    for (const [n, text] of group.entries()) {
      const author = { id: `eve-${n}`, name: text.slice(0, 256) };
      const message = await room.send({ author, text, ...(replyTo !== undefined && { replyTo }) });
      replyTo = message.id;
      sent.push(message.text);
      names.push(message.author.name);
    }
    await expect.poll(() => opened.chat.texts()).toEqual(sent.map((text) => text.trim()));
    const shownNames = await opened.chat.widget.locator("[part~=name]").allTextContents();
    expect(shownNames.map((name) => name.trim())).toEqual(["Bob", "Eve", ...names.map((name) => name.trim())]);
    const quotes = (await opened.chat.widget.locator("[part~=quote]").allTextContents()).join("\n");
    // A quote is on one line.
    const onOneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
    for (const text of sent.slice(2, -1)) expect(onOneLine(quotes)).toContain(onOneLine(text));
    await touch(opened.page);
    await isInert(opened);
  });
}

test("hostile texts between the marks of the format: as dead as without", async ({ browser }) => {
  site = await strictSite();
  const opened = await open(browser, "room");
  for (const text of hostileFormats) await site.chat.room("room").send({ author: { id: "eve", name: "Eve" }, text });
  await expect(opened.chat.widget.locator("[part~=text]")).toHaveCount(hostileFormats.length + 2);
  await expect(opened.chat.widget.locator("[part~=text] code").first()).toBeVisible();
  await touch(opened.page);
  await isInert(opened);
});

test("what a visitor writes and is called: in the box, while it is on its way, when it is refused, while others see them type", async ({ browser }) => {
  const reasons = ["<img src=x onerror=ran(1)>", "</p><script>ran(1)</script>", "${ran(1)}"];
  site = await strictSite({ moderate: ({ text }) => (text.startsWith("refuse ") ? { refuse: reasons[Number(text.at(-1))] ?? "" } : undefined) });
  const opened = await open(browser, "room");
  const { page: hostile, problems } = await watchedPage(await browser.newContext(), site, "/closed");
  const eve = new Chat(hostile);
  const name = "<svg onload=ran(1)>\"'`${ran(1)}";
  await eve.widget.evaluate((widget, name) => {
    widget.setAttribute("user-name", name);
    widget.setAttribute("heading", name);
    widget.setAttribute("room", "room");
    widget.setAttribute("open", "");
  }, name);
  await expect(eve.composer).toBeEditable();
  await expect(eve.widget.locator("[part~=guest]")).toContainText(name);
  await expect(eve.widget.locator("[part~=heading]")).toHaveText(name);
  for (const text of ["<img src=x onerror=ran(1)>", "</textarea><script>ran(1)</script>", '"><svg onload=ran(1)>']) {
    await eve.composer.pressSequentially(text);
    await expect(opened.chat.widget.locator("[part~=typing]")).toContainText(name);
    await eve.composer.press("Enter");
  }
  await expect.poll(async () => (await opened.chat.texts()).slice(2)).toEqual(["<img src=x onerror=ran(1)>", "</textarea><script>ran(1)</script>", '"><svg onload=ran(1)>']);
  for (const [n, reason] of reasons.entries()) {
    await eve.send(`refuse ${n}`);
    await expect(eve.widget.getByText(reason, { exact: false }).first()).toBeVisible();
  }
  await isInert(opened);
  expect(problems).toEqual([]);
});

test("the page's own words: the translation, the heading and the room may say anything", async ({ browser }) => {
  site = await strictSite();
  const opened = await open(browser, "room");
  const word = texts.find((text) => text.startsWith("-->")) ?? "";
  await opened.chat.widget.evaluate((widget, word) => {
    const say = (): string => word;
    const words = ["chat", "open", "close", "connecting", "messages", "write", "send", "you", "reply", "react", "copy", "edit", "delete", "actions", "anyEmoji", "change", "yourName", "toNewest", "emptyTitle", "emptyText", "edited", "deleted", "unavailable", "tryAgain", "details"];
    const spoken = ["here", "unread", "newMessages", "said", "replyingTo", "left", "tooLong", "typing", "youAppearAs"];
    Reflect.set(widget, "translation", { ...Object.fromEntries(words.map((key) => [key, word])), ...Object.fromEntries(spoken.map((key) => [key, say])), errors: { internal: word, invalid: word, forbidden: word } });
  }, word);
  await expect(opened.chat.widget.locator("[part~=status]")).toHaveText(word);
  await opened.chat.widget.locator("[part~=text]").last().hover();
  await isInert(opened);
  // A room by a name that no room can have is refused, with the name nowhere but in words.
  await opened.chat.widget.evaluate((widget, room) => void Reflect.set(widget, "room", room), "<img src=x onerror=ran(1)>");
  await expect(opened.chat.widget.locator("[part~=error]")).toBeVisible();
  await expect(opened.chat.widget.locator("[part~=error]")).toContainText(word);
  expect((await inside(opened.page)).elements.filter((name) => /^(img|script|svg|style|title|textarea)$/.test(name) && !opened.plain.elements.includes(name))).toEqual([]);
  expect(opened.problems).toEqual([]);
});

test("a server that is hostile itself: reactions, pictures, people and the reasons of errors are shown as texts", async ({ browser, browserName }) => {
  test.skip(browserName !== "chromium", "only Chromium lets a test change what a WebSocket brings");
  site = await strictSite({ authorize: ({ roomId }) => roomId !== "closed" });
  const context = await browser.newContext();
  const program = "<img src=x onerror=ran(1)>";
  await context.routeWebSocket(/socket\.io/, (page) => {
    const server = page.connectToServer();
    server.onMessage((packet) => page.send(String(packet).replaceAll("👍", program).replaceAll("https://pictures.example/a.png", "javascript:ran(1)").replaceAll("unable to run room:join", program).replaceAll('"Bob"', JSON.stringify(program))));
  });
  const { page, problems } = await watchedPage(context, site);
  const chat = new Chat(page);
  await expect(chat.composer).toBeEditable();
  const room = site.chat.room("lobby");
  const { id } = await room.send({ author: { id: "bob", name: "Bob", avatarUrl: "https://pictures.example/a.png" }, text: "hello" });
  await room.react(id, { by: "bob", emoji: "👍" });
  await expect(chat.widget.locator("[part~=reaction]").first()).toContainText(program);
  await expect(chat.widget.locator("[part~=name]").first()).toHaveText(program);
  await chat.widget.locator("[part~=reaction]").first().hover();
  await chat.widget.evaluate((widget) => void Reflect.set(widget, "room", "closed"));
  await chat.widget.locator("summary").click();
  await expect(chat.widget.locator("[part~=error] code")).toContainText(program);
  expect((await inside(page)).attributes.filter((name) => !name.startsWith("svg"))).not.toContain("img.src");
  expect(problems).toEqual([]);
});

test("control: a page that takes a text for HTML, or asks another host for something, is noticed", async ({ browser }) => {
  site = await strictSite();
  const { page, problems } = await watchedPage(await browser.newContext(), site);
  await page.evaluate((text) => {
    const place = document.createElement("div");
    try {
      place.innerHTML = text;
    } catch {
      // As it should be; the policy says so besides.
    }
    document.body.append(place);
  }, texts[16] ?? "");
  await expect.poll(() => problems.join("\n")).toContain("require-trusted-types-for");
  problems.length = 0;
  await page.evaluate(() => void fetch("https://canary.example/").catch(() => undefined));
  await expect.poll(() => problems.join("\n")).toContain("canary.example");
  problems.length = 0;
  await page.evaluate(() => void Reflect.get(globalThis, "ran")(1));
  await expect.poll(() => problems.join("\n")).toContain("a text ran");
});
