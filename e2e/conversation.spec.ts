import { expect, test, type Browser } from "@playwright/test";
import { Chat } from "./chat.js";
import { Example } from "./example.js";

let example: Example;
test.beforeEach(async () => {
  example = await Example.start();
});
test.afterEach(async () => {
  await example.stop();
});

/** A visitor of their own: no storage in common with anyone. */
async function visitor(browser: Browser, path = "/"): Promise<Chat> {
  const context = await browser.newContext();
  const chat = new Chat(await context.newPage());
  await chat.open(example.url + path);
  return chat;
}

test("two visitors converse, see each other type and see who is there", async ({ browser }) => {
  const [ann, bob] = [await visitor(browser), await visitor(browser)];
  await ann.send("Hello, is anybody there?");
  await bob.shows(["Hello, is anybody there?"]);
  await bob.composer.pressSequentially("I am");
  await expect(ann.widget.getByText(/is typing/)).toBeVisible();
  await bob.composer.press("Enter");
  await ann.shows(["Hello, is anybody there?", "I am"]);
  await expect(ann.widget.getByText(/is typing/)).toBeHidden();
  await expect(ann.widget.getByText(/\b2\b.*(here|online)/i).first()).toBeVisible();
});

test("a visitor keeps name and history over a reload", async ({ browser }) => {
  const ann = await visitor(browser);
  await ann.send("I will be back");
  await ann.shows(["I will be back"]);
  const mine = ann.widget.locator("[data-own]");
  await expect(mine).toHaveCount(1);
  await ann.page.reload();
  await ann.shows(["I will be back"]);
  await expect(mine).toHaveCount(1);
});

test("a server killed in mid-conversation loses nothing, doubles nothing, and pending messages go out by themselves", async ({ browser }) => {
  const [ann, bob] = [await visitor(browser), await visitor(browser)];
  const expected: string[] = [];
  for (let n = 1; n <= 5; n++) {
    const chat = n % 2 === 0 ? bob : ann;
    await chat.send(`before ${n}`);
    expected.push(`before ${n}`);
    await ann.shows(expected);
    await bob.shows(expected);
  }

  // In flight while the server dies: some are committed, some are not, none may be lost or doubled.
  for (let n = 1; n <= 10; n++) await ann.send(`during ${n}`);
  await example.kill();
  for (let n = 1; n <= 5; n++) await ann.send(`offline ${n}`);
  await expect(ann.widget.getByText(/reconnecting|no connection|offline/i).first()).toBeVisible({ timeout: 30_000 });
  await example.start();

  const sent = [...Array.from({ length: 10 }, (_, n) => `during ${n + 1}`), ...Array.from({ length: 5 }, (_, n) => `offline ${n + 1}`)];
  await ann.shows([...expected, ...sent]);
  await bob.shows([...expected, ...sent]);

  await bob.send("after");
  await ann.shows([...expected, ...sent, "after"]);
  const carol = await visitor(browser);
  await carol.shows([...expected, ...sent, "after"]);
});

test("messages written while the server is away survive a reload of the page", async ({ browser }) => {
  const ann = await visitor(browser);
  await ann.send("one");
  await ann.shows(["one"]);
  await example.kill();
  await ann.send("two");
  await expect.poll(() => ann.texts()).toEqual(["one", "two"]);
  // The page itself comes from the server, so it can only be loaded again once that is back.
  await ann.page.goto("about:blank");
  await example.start();
  await ann.open(example.url);
  await ann.shows(["one", "two"]);
});

test("the page loads nothing from elsewhere, breaks no rule of its policy and logs no error", async ({ browser }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(example.url) && !request.url().startsWith("data:")) problems.push(request.url());
  });
  await page.addInitScript(() => document.addEventListener("securitypolicyviolation", (event) => console.error(`${event.violatedDirective} ${event.blockedURI}`)));
  const chat = new Chat(page);
  await chat.open(example.url);
  await chat.send("<img src=x onerror=alert(1)> https://example.com/a?b=c 👋");
  await expect(chat.widget.locator("a")).toHaveAttribute("href", "https://example.com/a?b=c");
  await chat.shows(["<img src=x onerror=alert(1)> https://example.com/a?b=c 👋"]);
  expect(problems).toEqual([]);
});

test("the launcher asks nothing of the server and stores nothing before it is opened", async ({ browser }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const requests: string[] = [];
  page.on("request", (request) => requests.push(new URL(request.url()).pathname));
  await page.goto(`${example.url}/shop.html`);
  const launcher = page.locator("chat-widget").getByRole("button");
  await expect(launcher).toBeVisible();
  expect(requests.filter((path) => path.startsWith("/chat/"))).toEqual(["/chat/loader.js"]);
  expect(await context.cookies()).toEqual([]);
  expect(await page.evaluate(async () => ({ local: localStorage.length, session: sessionStorage.length, databases: (await indexedDB.databases()).length }))).toEqual({ local: 0, session: 0, databases: 0 });

  await launcher.click();
  const chat = new Chat(page);
  await expect(chat.composer).toBeEditable();
  await expect(chat.composer).toBeFocused();
  await chat.send("Do you have ferns?");
  await chat.shows(["Do you have ferns?"]);
  await page.keyboard.press("Escape");
  await expect(chat.composer).toBeHidden();
});

test("a visitor who is asked first has a chat that keeps nothing until they agree, and nothing when they take it back", async ({ page }) => {
  await page.goto(`${example.url}/shop.html`);
  await page.evaluate(async (client) => {
    const { storageByConsent } = await import(client);
    Object.assign(globalThis, { consent: Object.assign(document.querySelector("chat-widget") ?? {}, { storage: storageByConsent() }).storage });
  }, "/chat/client.js");
  const kept = () =>
    page.evaluate(async () => {
      if ((await indexedDB.databases()).length === 0) return undefined;
      const database = await new Promise<IDBDatabase>((resolve) => (indexedDB.open("chat-widget").onsuccess = ({ target }) => resolve(Reflect.get(target ?? {}, "result"))));
      const names = await new Promise<IDBValidKey[]>((resolve) => (database.transaction("values").objectStore("values").getAllKeys().onsuccess = ({ target }) => resolve(Reflect.get(target ?? {}, "result"))));
      database.close();
      return names.length;
    });
  const allow = (isAllowed: boolean) => page.evaluate((isAllowed) => Reflect.get(globalThis, "consent").allow(isAllowed), isAllowed);
  const chat = new Chat(page);
  await chat.widget.getByRole("button").click();
  const text = `Nothing stays ${Date.now()}`;
  await chat.send(text);
  await expect.poll(() => chat.texts()).toContain(text);
  expect(await kept()).toBeUndefined();
  await allow(true);
  expect(await kept()).toBeGreaterThan(0);
  await allow(false);
  expect(await kept()).toBe(0);
});
