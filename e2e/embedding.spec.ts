import { createServer } from "node:http";
import { once } from "node:events";
import { expect, test } from "@playwright/test";
import { Chat } from "./chat.js";
import { strictSite, type StrictSite, watchedPage } from "./strict-site.js";

let site: StrictSite;
test.beforeEach(async () => {
  site = await strictSite({ authenticate: ({ token }) => (token === undefined ? undefined : { id: "ann", name: "Ann" }), guests: true });
});
test.afterEach(() => site.close());

test("83. Messages between windows: the widget neither sends nor hears any", async ({ browser }) => {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    const spoken: string[] = [];
    Reflect.set(globalThis, "spoken", spoken);
    for (const target of [Window.prototype, EventTarget.prototype]) {
      const { addEventListener } = target;
      target.addEventListener = function (this: EventTarget, ...parts: Parameters<typeof addEventListener>) {
        // A channel between the tabs of one origin has listeners of its own.
        if (parts[0] === "message" && (this === globalThis || this === undefined || this instanceof Window)) spoken.push("listens");
        return Reflect.apply(addEventListener, this ?? globalThis, parts);
      };
    }
    globalThis.postMessage = () => void spoken.push("speaks");
  });
  const { page, problems } = await watchedPage(context, site);
  const chat = new Chat(page);
  await expect(chat.composer).toBeEditable();
  for (const word of [{ type: "chat:send", text: "x" }, { kind: "open" }, "open", null, { server: "https://evil.example" }]) {
    await page.evaluate((data) => void dispatchEvent(new MessageEvent("message", { data, origin: "https://evil.example" })), word);
  }
  await chat.send("hello");
  await chat.shows(["hello"]);
  expect(await page.evaluate(() => Reflect.get(globalThis, "spoken"))).toEqual([]);
  expect(await page.evaluate(() => globalThis.onmessage)).toBeNull();
  expect(problems).toEqual([]);
});

test("84. Hostile attributes: asks no server that is none, and says so", async ({ browser }) => {
  for (const server of ["javascript:ran(1)", "data:text/html,<script>ran(1)</script>", "ftp://canary.example/", "//canary.example\\@x", "https://", "x".repeat(1_000_000)]) {
    const { page, problems } = await watchedPage(await browser.newContext(), site, "/closed");
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    const widget = page.locator("chat-widget");
    await widget.evaluate((element, server) => {
      for (const [name, value] of [["theme", "red;background:url(//canary.example)"], ["lang", "../../x"], ["position", "</style>"], ["server", server], ["open", ""]] as const) element.setAttribute(name, value);
    }, server);
    if (server.startsWith("//") || server.startsWith("x")) continue;
    await expect(widget.locator("[part~=error]")).toBeVisible();
    expect(asked.filter((url) => !url.startsWith(site.url))).toEqual([]);
    expect(asked.filter((url) => url.includes("socket.io/"))).toEqual([]);
    expect(problems.filter((problem) => !problem.includes("[chat]") && !problem.includes("attribute") && !problem.includes("server"))).toEqual([]);
    expect(await page.evaluate(() => document.querySelectorAll("style, link").length)).toBe(0);
  }
});

test("85. Styles of others: nothing that a user is called or writes becomes a style", async ({ browser }) => {
  const { page, problems } = await watchedPage(await browser.newContext(), site);
  const chat = new Chat(page);
  await expect(chat.composer).toBeEditable();
  const style = "red;background:url(https://canary.example/x.png)";
  const sent = await site.chat.room("lobby").send({ author: { id: `${style};}*{display:none}`, name: style }, text: `${style}</style><style>*{background:url(https://canary.example/y.png)}` });
  await chat.shows([sent.text]);
  const styles = await chat.widget.evaluate((widget) => {
    const found: string[] = [];
    const walk = (root: ParentNode): void => {
      for (const element of root.querySelectorAll("*")) {
        found.push(element.getAttribute("style") ?? "", getComputedStyle(element).backgroundImage);
        if (element.shadowRoot !== null) walk(element.shadowRoot);
      }
    };
    if (widget.shadowRoot !== null) walk(widget.shadowRoot);
    return found.join("\n");
  });
  expect(styles).not.toMatch(/canary|url\(/);
  expect(problems).toEqual([]);
});

test("86. Storage: keeps no token of an account, and believes nothing that was tampered with", async ({ browser }) => {
  const context = await browser.newContext();
  const { page } = await watchedPage(context, site, "/closed");
  const token = "the-token-of-an-account";
  await page.locator("chat-widget").evaluate((widget, token) => {
    Reflect.set(widget, "getToken", () => token);
    widget.setAttribute("open", "");
  }, token);
  const ann = new Chat(page);
  await ann.send("hello");
  await ann.shows(["hello"]);
  const kept = () =>
    page.evaluate(async () => {
      const found: unknown[] = [Object.entries(localStorage), Object.entries(sessionStorage), document.cookie];
      for (const { name = "" } of await indexedDB.databases()) {
        const database = await new Promise<IDBDatabase>((resolve) => (indexedDB.open(name).onsuccess = ({ target }) => resolve(Reflect.get(target ?? {}, "result"))));
        for (const store of database.objectStoreNames) {
          const asked = database.transaction(store).objectStore(store).getAll();
          await new Promise((resolve) => (asked.onsuccess = resolve));
          found.push(asked.result);
        }
        database.close();
      }
      return JSON.stringify(found);
    });
  expect(await kept()).not.toContain(token);

  // A guest, whose conversation is kept; then somebody changes what is kept.
  const guestContext = await browser.newContext();
  const { page: guestPage } = await watchedPage(guestContext, site);
  const guest = new Chat(guestPage);
  await guest.shows(["hello"]);
  await guest.send("from a guest");
  await guest.shows(["hello", "from a guest"]);
  await guestPage.goto(`${site.url}/nothing`).catch(() => undefined);
  const changed = await guestPage.evaluate(async () => {
    let count = 0;
    for (const { name = "" } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve) => (indexedDB.open(name).onsuccess = ({ target }) => resolve(Reflect.get(target ?? {}, "result"))));
      for (const storeName of database.objectStoreNames) {
        const store = database.transaction(storeName, "readwrite").objectStore(storeName);
        const keys = store.getAllKeys();
        await new Promise((resolve) => (keys.onsuccess = resolve));
        for (const key of keys.result) {
          const value = { __proto__: null, messages: "<img src=x onerror=ran(1)>", guestToken: 7, items: [{ text: {} }] };
          if (store.keyPath === null) store.put(value, key);
          else store.put({ ...value, [String(store.keyPath)]: key });
          count += 1;
        }
      }
      database.close();
    }
    return count;
  });
  expect(changed).toBeGreaterThan(0);
  const { page: again, problems } = await watchedPage(guestContext, site);
  await new Chat(again).shows(["hello", "from a guest"]);
  expect(problems.filter((problem) => /ran|policy|TypeError/.test(problem))).toEqual([]);
});

test("87. Notifications: none is asked for or shown", async ({ browser }) => {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    Reflect.set(globalThis, "notified", 0);
    const count = (): void => void Reflect.set(globalThis, "notified", Number(Reflect.get(globalThis, "notified")) + 1);
    const Spy = class {
      static permission = "granted";
      static requestPermission = () => Promise.resolve(count());
      constructor() {
        count();
      }
    };
    Reflect.set(globalThis, "Notification", Spy);
  });
  const { page, problems } = await watchedPage(context, site);
  const chat = new Chat(page);
  await expect(chat.composer).toBeEditable();
  await site.chat.room("lobby").send({ author: { id: "bob", name: "Bob" }, text: "hello" });
  await chat.shows(["hello"]);
  expect(await page.evaluate(() => Reflect.get(globalThis, "notified"))).toBe(0);
  expect(problems).toEqual([]);
});

test("the picture of a user is loaded from where the page's policy allows pictures, and nowhere else", async ({ browser }) => {
  let asked = 0;
  const pictures = createServer((_request, response) => void response.writeHead(404).end(`${(asked += 1)}`));
  pictures.listen(0, "127.0.0.1");
  await once(pictures, "listening");
  const { page, problems } = await watchedPage(await browser.newContext(), site);
  const chat = new Chat(page);
  await expect(chat.composer).toBeEditable();
  const address = pictures.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await site.chat.room("lobby").send({ author: { id: "bob", name: "Bob", avatarUrl: `http://127.0.0.1:${port}/a.png` }, text: "hello" });
  await chat.shows(["hello"]);
  // The policy allows pictures by https only, and says so.
  await expect.poll(() => problems.filter((problem) => problem.includes("img-src")).length).toBeGreaterThan(0);
  expect(asked).toBe(0);
  pictures.close();
});
