import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { expect, test } from "@playwright/test";
import { createChatServer } from "@chat-widget/server";
import { Chat } from "./chat.js";

/** Two servers on two origins: one has the page, the other the chat. */
async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("unable to listen; no port was given");
  return `http://127.0.0.1:${address.port}`;
}

async function sites(allow: boolean) {
  const chatHttp = createServer();
  const chatUrl = await listen(chatHttp);
  const page = `<!doctype html><title>Elsewhere</title><script type="module" src="${chatUrl}/chat/widget.js"></script><chat-widget mode="inline" style="height: 500px"></chat-widget>`;
  const pageHttp = createServer((_request, response) => response.setHeader("content-type", "text/html").end(page));
  const pageUrl = await listen(pageHttp);
  const warnings: string[] = [];
  const warn = (_fields: object, message: string) => warnings.push(message);
  const chat = createChatServer(chatHttp, {
    guests: true,
    ...(allow && { allowedOrigins: [pageUrl] }),
    logger: { debug() {}, info() {}, warn, error: warn },
  });
  return {
    pageUrl,
    warnings,
    async close() {
      await chat.close();
      for (const server of [chatHttp, pageHttp]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

test("a page of an allowed origin chats", async ({ browser }) => {
  const site = await sites(true);
  try {
    const [ann, bob] = await Promise.all([browser.newContext(), browser.newContext()].map(async (context) => new Chat(await (await context).newPage())));
    if (ann === undefined || bob === undefined) throw new Error("unable to open two pages");
    await ann.open(site.pageUrl);
    await bob.open(site.pageUrl);
    await ann.send("from elsewhere");
    await bob.shows(["from elsewhere"]);
  } finally {
    await site.close();
  }
});

test("a page of any other origin is refused, and both sides say why", async ({ page }) => {
  const site = await sites(false);
  try {
    const errors: string[] = [];
    page.on("console", (message) => errors.push(message.text()));
    await page.goto(site.pageUrl);
    await expect(page.locator("chat-widget").getByText(/not available|unable|refused|cannot/i).first()).toBeVisible({ timeout: 30_000 });
    await expect.poll(() => errors.join("\n"), { timeout: 30_000 }).toContain("allowedOrigins");
    expect(site.warnings.join("\n")).toContain("allowedOrigins");
  } finally {
    await site.close();
  }
});
