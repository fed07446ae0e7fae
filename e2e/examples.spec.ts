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
