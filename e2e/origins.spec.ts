import { once } from "node:events";
import { type Server, createServer } from "node:http";
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

/** The policy of docs/security.md for a page that has the chat on another origin. */
const policyFor = (chatUrl: string) =>
  [
    "default-src 'none'",
    `script-src ${chatUrl}`,
    `connect-src ${chatUrl} ${chatUrl.replace("http", "ws")}`,
    "img-src https:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types lit-html 'allow-duplicates'",
  ].join("; ");

async function sites(allow: boolean) {
  const chatHttp = createServer();
  const chatUrl = await listen(chatHttp);
  const page = `<!doctype html><title>Elsewhere</title><script type="module" src="${chatUrl}/chat/widget.js"></script><chat-widget mode="inline"></chat-widget>`;
  const pageHttp = createServer((_request, response) => response.setHeader("Content-Security-Policy", policyFor(chatUrl)).setHeader("content-type", "text/html").end(page));
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

test("a page of an allowed origin chats, under a policy that allows nothing else", async ({ browser }) => {
  const site = await sites(true);
  const problems: string[] = [];
  try {
    const [ann, bob] = await Promise.all([browser.newContext(), browser.newContext()].map(async (context) => new Chat(await (await context).newPage())));
    if (ann === undefined || bob === undefined) throw new Error("unable to open two pages");
    for (const { page } of [ann, bob]) {
      page.on("console", (message) => problems.push(message.text()));
      await page.addInitScript(() => document.addEventListener("securitypolicyviolation", (event) => console.error(`${event.violatedDirective} ${event.blockedURI}`)));
    }
    await ann.open(site.pageUrl);
    await bob.open(site.pageUrl);
    await ann.send("from elsewhere");
    await bob.shows(["from elsewhere"]);
    // The page itself asks for its icon.
    expect(problems.filter((problem) => !problem.includes("favicon.ico"))).toEqual([]);
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
