import { expect, test, type Browser, type BrowserContext } from "@playwright/test";
import { Chat } from "./chat.js";
import { Example } from "./example.js";

let example: Example;
test.beforeEach(async () => {
  example = await Example.start();
});
test.afterEach(async () => {
  await example.stop();
});

async function tab(context: BrowserContext): Promise<Chat> {
  const chat = new Chat(await context.newPage());
  await chat.open(example.url);
  return chat;
}

/** Two tabs of one visitor, who is the same in both, and somebody else to see what arrives. */
async function tabs(browser: Browser) {
  const context = await browser.newContext();
  const first = await tab(context);
  await first.send("Hello");
  await first.shows(["Hello"]);
  const second = await tab(context);
  await second.shows(["Hello"]);
  const other = await tab(await browser.newContext());
  return { context, first, second, other };
}

test("tabs that somebody new opens at once are one visitor", async ({ browser }) => {
  const context = await browser.newContext();
  const opened = await Promise.all([tab(context), tab(context), tab(context)]);
  for (const [n, { page }] of opened.entries()) {
    await page.bringToFront();
    await opened[n]?.send(`tab ${n}`);
    await opened[n]?.shows(Array.from({ length: n + 1 }, (_, m) => `tab ${m}`));
  }
  for (const { widget } of opened) {
    await expect(widget.locator("[part~=message]")).toHaveCount(3);
    await expect(widget.locator("[data-own]")).toHaveCount(3);
  }
});

test("two tabs of one visitor send together and show the same", async ({ browser }) => {
  const { first, second, other } = await tabs(browser);
  for (let n = 1; n <= 5; n++) await Promise.all([first.send(`first ${n}`), second.send(`second ${n}`)]);
  await expect.poll(async () => (await other.texts()).length, { timeout: 30_000 }).toBe(11);
  const texts = await other.texts();
  expect(new Set(texts).size).toBe(11);
  for (const which of ["first", "second"]) expect(texts.filter((text) => text.startsWith(which))).toEqual([1, 2, 3, 4, 5].map((n) => `${which} ${n}`));
  await first.shows(texts);
  await second.shows(texts);
});

test("what a tab could not send before it was closed, the other tab sends, once", async ({ browser }) => {
  const { first, second, other } = await tabs(browser);
  await example.kill();
  await first.send("from the closed tab");
  await second.send("from the open tab");
  await expect.poll(async () => (await second.texts()).length, { timeout: 30_000 }).toBe(3);
  await first.page.close();
  await example.start();
  const expected = ["Hello", "from the closed tab", "from the open tab"];
  await second.shows(expected);
  await other.shows(expected);
});
