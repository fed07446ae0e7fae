import { expect, test } from "@playwright/test";
import { Chat } from "./chat.js";
import { Example } from "./example.js";
import { hostileFormats, hostileTexts } from "./hostile-texts.js";
import { strictSite } from "./strict-site.js";
import { WebKit, webKitPrograms } from "./webkit.js";

test.describe.configure({ mode: "serial", timeout: 180_000 });

const programs = webKitPrograms();
test.skip(programs === undefined, "there is no WebKit; install it (Debian: apt-get install webkit2gtk-driver xvfb)");

let webKit: WebKit;
test.beforeEach(async () => {
  if (programs !== undefined) webKit = await WebKit.start(programs);
});
test.afterEach(() => webKit.stop());

/** The text of each message, from top to bottom. */
function textsInPage(): string[] {
  const found: string[] = [];
  const walk = (root: ParentNode): void => {
    for (const element of root.querySelectorAll("*")) {
      if (element.matches("[part~=text]")) found.push((element.textContent ?? "").trim());
      if (element.shadowRoot !== null) walk(element.shadowRoot);
    }
  };
  const root = document.querySelector("chat-widget")?.shadowRoot;
  if (root != null) walk(root);
  return found;
}

const box = (): unknown => document.querySelector("chat-widget")?.shadowRoot?.querySelector("chat-widget-composer")?.shadowRoot?.querySelector("textarea") ?? document.querySelector("chat-widget")?.shadowRoot?.querySelector("textarea");

test("a visitor with WebKit and one with Chromium converse, also after the server was killed and the page loaded again", async ({ page }) => {
  const example = await Example.start();
  try {
    await webKit.open(example.url);
    const ann = new Chat(page);
    await ann.open(example.url);
    await ann.send("Hello, Safari");
    await expect.poll(() => webKit.run(textsInPage), { timeout: 30_000 }).toEqual(["Hello, Safari"]);
    await webKit.type(box, "Hello, Chromium\uE007");
    await ann.shows(["Hello, Safari", "Hello, Chromium"]);
    await example.kill();
    await webKit.type(box, "while it is away\uE007");
    await expect.poll(() => webKit.run(textsInPage)).toEqual(["Hello, Safari", "Hello, Chromium", "while it is away"]);
    await example.start();
    await ann.shows(["Hello, Safari", "Hello, Chromium", "while it is away"]);
    await webKit.open(example.url);
    await expect.poll(() => webKit.run(textsInPage), { timeout: 30_000 }).toEqual(["Hello, Safari", "Hello, Chromium", "while it is away"]);
  } finally {
    await example.stop();
  }
});

test("hostile texts are shown as they were typed, under the strictest policy", async () => {
  const site = await strictSite();
  try {
    await webKit.open(`${site.url}/watched`);
    for (const [n, group] of Object.values(hostileTexts).entries()) {
      const roomId = `room-${n}`;
      const shown: string[] = [];
      for (const text of group) shown.push((await site.chat.room(roomId).send({ author: { id: "eve", name: text.slice(0, 256) }, text })).text.trim());
      await webKit.run((roomId) => void Reflect.set(document.querySelector("chat-widget") ?? {}, "room", roomId), roomId);
      await expect.poll(() => webKit.run(textsInPage), { timeout: 30_000 }).toEqual(shown);
    }
    for (const text of hostileFormats) await site.chat.room("formats").send({ author: { id: "eve", name: "Eve" }, text });
    await webKit.run(() => void Reflect.set(document.querySelector("chat-widget") ?? {}, "room", "formats"));
    await expect.poll(async () => (await webKit.run(textsInPage)).length, { timeout: 30_000 }).toBe(hostileFormats.length);
    const left = await webKit.run(() => ({
      problems: Reflect.get(globalThis, "problems"),
      asked: performance.getEntriesByType("resource").map(({ name }) => name),
      at: location.pathname,
      title: document.title,
      policies: typeof Reflect.get(globalThis, "trustedTypes"),
    }));
    expect(left).toMatchObject({ problems: [], at: "/watched", title: "Strict" });
    expect(left.asked.filter((address) => !address.startsWith(site.url))).toEqual([]);
    test.info().annotations.push({ type: "Trusted Types", description: left.policies === "object" ? "kept by this WebKit" : "not known to this WebKit" });
  } finally {
    await site.close();
  }
});
