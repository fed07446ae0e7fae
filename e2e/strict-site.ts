import { once } from "node:events";
import { createServer } from "node:http";
import type { BrowserContext, Page } from "@playwright/test";
import { type ChatServer, type ChatServerOptions, createChatServer } from "@chat-widget/server";

/** Nothing but the widget may run, and nothing may make a text into HTML. */
const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' https:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types lit-html";

/** The pages there are: with the chat in them, and with its button, before it has begun. */
const pages = new Map([
  ["/", '<chat-widget mode="inline"></chat-widget>'],
  ["/closed", "<chat-widget></chat-widget>"],
  // Notes what must not happen by itself, for a browser that is not watched from outside.
  ["/watched", '<script src="/watch.js"></script><chat-widget mode="inline"></chat-widget>'],
]);

const watch = `
  window.problems = [];
  window.ran = () => problems.push("a text ran");
  addEventListener("error", ({ message }) => problems.push(message));
  addEventListener("unhandledrejection", ({ reason }) => problems.push(String(reason)));
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => problems.push("policy: " + violatedDirective + " " + blockedURI));
`;

export interface StrictSite {
  url: string;
  chat: ChatServer;
  close(): Promise<void>;
}

/** Pages under the strictest policy there is, with a chat on them. */
export async function strictSite(options: ChatServerOptions = {}): Promise<StrictSite> {
  const http = createServer((request, response) => {
    if (request.url === "/watch.js") return void response.setHeader("Content-Type", "text/javascript").end(watch);
    const body = pages.get(request.url ?? "");
    if (body === undefined) return void response.writeHead(204).end();
    response.setHeader("Content-Security-Policy", policy).setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(`<!doctype html><title>Strict</title><script type="module" src="/chat/widget.js"></script>${body}`);
  });
  const chat = createChatServer(http, { guests: true, logger: { debug() {}, info() {}, warn() {}, error() {} }, ...options });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("unable to listen; no port was given");
  return {
    url: `http://127.0.0.1:${address.port}`,
    chat,
    async close() {
      await chat.close();
      http.close();
      http.closeAllConnections();
    },
  };
}

/** A page of its own, and what happens on it that must not: a policy broken, a program run, another host asked. */
export async function watchedPage(context: BrowserContext, { url }: StrictSite, path = "/"): Promise<{ page: Page; problems: string[] }> {
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => void (message.type() === "error" && problems.push(message.text())));
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("dialog", (dialog) => {
    problems.push(dialog.message());
    void dialog.dismiss();
  });
  page.on("request", (request) => void (request.url().startsWith(url) || problems.push(`asked for ${request.url()}`)));
  page.on("popup", (popup) => problems.push(`opened ${popup.url()}`));
  page.on("framenavigated", (frame) => void (frame.url().startsWith(url) || problems.push(`went to ${frame.url()}`)));
  await page.addInitScript(() => {
    Reflect.set(globalThis, "ran", () => console.error("a text ran"));
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) => console.error(`policy: ${violatedDirective} ${blockedURI} ${sample}`));
  });
  await page.goto(url + path);
  return { page, problems };
}
