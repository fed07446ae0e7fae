import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "@playwright/test";
import { Chat } from "./chat.js";
import { Example } from "./example.js";
import { PlainChat } from "./plain-chat.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let example: Example;
test.beforeEach(async () => {
  example = await Example.start("examples/plain-websocket/server.js");
});
test.afterEach(() => example.stop());

test("two pages that have nothing but WebSocket converse, and whoever comes later reads it", async ({ browser }) => {
  const [ann, bob] = [await PlainChat.open(browser, example.url), await PlainChat.open(browser, example.url)];
  await ann.send("<b>Hello</b>, is anybody there?");
  await bob.shows(["<b>Hello</b>, is anybody there?"]);
  await bob.send("I am 👋");
  for (const chat of [ann, bob, await PlainChat.open(browser, example.url)]) await chat.shows(["<b>Hello</b>, is anybody there?", "I am 👋"]);
  await expect(ann.items.nth(0)).toHaveClass("own sent");
  await expect(ann.items.nth(1)).toHaveClass("sent");
  const name = await ann.status.textContent();
  await ann.page.reload();
  await expect(ann.status).toHaveText(name ?? "");
  await expect(ann.items.nth(0)).toHaveClass("own sent");
});

test("a server killed in mid-conversation loses nothing and doubles nothing, of a page without a library and of the widget", async ({ browser }) => {
  const plain = await PlainChat.open(browser, example.url);
  const widget = new Chat(await (await browser.newContext()).newPage());
  await widget.open(`${example.url}/widget.html`);
  await plain.send("Hello from a plain page");
  await widget.shows(["Hello from a plain page"]);
  await widget.send("Hello from the widget");
  const before = ["Hello from a plain page", "Hello from the widget"];
  await plain.shows(before);

  // In flight while the server dies: some are committed, some are not.
  for (let n = 1; n <= 8; n++) await plain.send(`during ${n}`);
  await example.kill();
  await expect(plain.status).toHaveText(/No connection/);
  await plain.send("while it is away");
  await widget.send("from the widget while it is away");
  await example.start();

  await expect(plain.items).toHaveCount(12, { timeout: 30_000 });
  await plain.isOnline();
  const fromPlain = [...Array.from({ length: 8 }, (_, n) => `during ${n + 1}`), "while it is away"];
  await expect.poll(async () => (await widget.texts()).filter((text) => fromPlain.includes(text)), { timeout: 30_000 }).toEqual(fromPlain);
  await expect.poll(async () => (await widget.texts()).toSorted(), { timeout: 30_000 }).toEqual([...before, ...fromPlain, "from the widget while it is away"].toSorted());
  const texts = await widget.texts();
  await widget.shows(texts);
  await plain.shows(texts);
  await (await PlainChat.open(browser, example.url)).shows(texts);

  // It went on from where it was, and asked again under the same ids.
  const [first, ...later] = plain.asked("room:join");
  expect(first?.after).toBeUndefined();
  expect(later.at(-1)?.after?.seq).toBeGreaterThanOrEqual(2);
  const ids = plain.asked("message:send").map(({ id, text }) => `${text} ${id}`);
  expect(new Set(ids).size).toBe(1 + fromPlain.length);
});

test("what is not sent when the page is loaded again is sent then, once", async ({ browser }) => {
  const [ann, bob] = [await PlainChat.open(browser, example.url), await PlainChat.open(browser, example.url)];
  await ann.send("one");
  await bob.shows(["one"]);
  await example.kill();
  await ann.send("two");
  await expect(ann.items).toHaveCount(2);
  await ann.page.goto("about:blank");
  await example.start();
  await ann.page.goto(example.url);
  for (const chat of [ann, bob]) await chat.shows(["one", "two"]);
  await expect(ann.items.nth(1)).toHaveClass("own sent");
});

test("a page that a connection fell asleep under comes back by itself, and one the server cuts as well", async ({ browser }) => {
  const [ann, bob] = [await PlainChat.open(browser, example.url), await PlainChat.open(browser, example.url)];
  await ann.page.context().setOffline(true);
  await example.kill();
  await example.start();
  await bob.isOnline();
  await bob.send("you missed this");
  await bob.shows(["you missed this"]);
  await ann.page.context().setOffline(false);
  await ann.shows(["you missed this"]);
});

test("what the server refuses is said, and can be let go of", async ({ browser }) => {
  const plain = await PlainChat.open(browser, example.url);
  await plain.send("x".repeat(20_000));
  await expect(plain.items).toHaveClass("own failed");
  await expect(plain.items.locator("small")).toHaveText(/unable to/);
  await plain.page.getByRole("button", { name: "Discard" }).click();
  await plain.send("it goes on");
  await plain.shows(["it goes on"]);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing on the plain page in ${colorScheme}, on a phone`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme, bypassCSP: true, viewport: { width: 360, height: 640 } });
    const page = await context.newPage();
    await page.goto(example.url);
    const composer = page.getByRole("textbox", { name: "Message" });
    await composer.fill("Is this readable?");
    await composer.press("Enter");
    await expect(page.locator("#messages .sent")).toHaveCount(1);
    await page.getByText("What travels").click();
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run());
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
}
