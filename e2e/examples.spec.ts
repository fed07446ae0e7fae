import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "@playwright/test";
import { Example } from "./example.js";

test("the demo says in one sentence that its port is taken", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  if (address === null || typeof address === "string") throw new Error("unable to take a port");
  const { status, stderr } = spawnSync(process.execPath, ["examples/express/server.js"], {
    encoding: "utf8",
    env: { ...process.env, PORT: String(address.port), CHAT_DB: ":memory:" },
  });
  other.close();
  expect(status).toBe(1);
  expect(stderr.trim()).toBe(`unable to start the example; port ${address.port} is taken; stop what runs there or choose another with PORT=3001 npm run demo`);
});

test("the tutorial's page chats with a form of its own", async ({ browser }) => {
  const example = await Example.start("examples/tutorial/start.js");
  try {
    const [ann, bob] = [await (await browser.newContext()).newPage(), await (await browser.newContext()).newPage()];
    for (const page of [ann, bob]) await page.goto(example.url);
    await ann.getByRole("textbox").fill("hello world");
    await ann.getByRole("button").click();
    for (const page of [ann, bob]) await expect(page.getByRole("listitem")).toHaveText([/: hello world$/]);
    expect(example.output).toContain("a user connected");
    await bob.close();
    await expect.poll(() => example.output).toContain("a user disconnected");
  } finally {
    await example.stop();
  }
});

test("the poll counts everyone's votes and shows their cursors", async ({ browser }) => {
  const example = await Example.start("examples/poll/server.js");
  try {
    const [ann, bob] = [await (await browser.newContext()).newPage(), await (await browser.newContext()).newPage()];
    const errors: string[] = [];
    for (const page of [ann, bob]) {
      page.on("pageerror", (error) => errors.push(String(error)));
      await page.goto(example.url);
      await expect(page.getByRole("heading")).toHaveText("What do you drink at work?");
    }
    const votes = (page: typeof ann) => page.getByRole("button");
    await ann.getByRole("button", { name: "Tea" }).click();
    await bob.getByRole("button", { name: "Tea" }).click();
    for (const page of [ann, bob]) await expect(votes(page)).toHaveText(["Coffee: 0", "Tea: 2", "Water: 0"]);
    await bob.getByRole("button", { name: "Coffee" }).click();
    for (const page of [ann, bob]) await expect(votes(page)).toHaveText(["Coffee: 1", "Tea: 1", "Water: 0"]);
    await expect(bob.getByRole("button", { name: "Coffee" })).toHaveAttribute("aria-pressed", "true");
    await ann.mouse.move(40, 60);
    await ann.mouse.move(80, 90);
    await expect(bob.locator("#cursors li")).toHaveCount(1);
    // After the server was killed and the page loaded anew, everything that lasts is there.
    await example.kill();
    await example.start();
    await ann.reload();
    await expect(votes(ann)).toHaveText(["Coffee: 1", "Tea: 1", "Water: 0"]);
    await ann.getByRole("button", { name: "Water" }).click();
    for (const page of [ann, bob]) await expect(votes(page)).toHaveText(["Coffee: 1", "Tea: 0", "Water: 1"]);
    expect(errors).toEqual([]);
  } finally {
    await example.stop();
  }
});

test("the bot's answer grows on every screen, is kept when it is whole, and vanishes when its writer is killed", async ({ browser }) => {
  process.env["BOT_MS_PER_WORD"] = "120";
  const example = await Example.start("examples/bot/server.js");
  try {
    const [ann, bob] = [await (await browser.newContext()).newPage(), await (await browser.newContext()).newPage()];
    await ann.goto(example.url);
    const growing = (page: typeof ann) => page.locator('[data-state="streaming"]');
    const answers = (page: typeof ann) => page.locator('[data-state="sent"]:not([data-own]) .text').filter({ hasText: /bot|word by word/ });
    await ann.getByRole("textbox").fill("What is streaming?");
    await ann.getByRole("textbox").press("Enter");
    await expect(growing(ann)).toContainText("I write this word");
    // Who comes in the middle of it sees it from the beginning.
    await bob.goto(example.url);
    await expect(growing(bob)).toContainText("I write this word by word.");
    for (const page of [ann, bob]) await expect(answers(page)).toHaveText(/^I write this word by word\..* so far\.$/, { timeout: 20_000 });
    for (const page of [ann, bob]) await expect(growing(page)).toHaveCount(0);
    await expect(ann.getByRole("status")).toContainText("I write this word by word");
    await ann.getByRole("textbox").fill("And what is stored of it?");
    await ann.getByRole("textbox").press("Enter");
    await expect(growing(ann)).toContainText("Nothing of this");
    await example.kill();
    await expect(growing(ann)).toHaveCount(0, { timeout: 15_000 });
    await example.start();
    await ann.reload();
    await expect(ann.locator("[data-state=sent]")).toHaveCount(3);
  } finally {
    delete process.env["BOT_MS_PER_WORD"];
    await example.stop();
  }
});
