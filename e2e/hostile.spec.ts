import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { IncomingMessage, type Server, createServer } from "node:http";
import { expect, test } from "@playwright/test";
import { createChatServer } from "@chat-widget/server";

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("unable to listen; no port was given");
  return `http://127.0.0.1:${address.port}`;
}

/** Everything a page can try without being asked: each way to reach the chat that a browser has. */
const attacks = (chatUrl: string) => `<!doctype html><title>Hostile</title>
  <script>window.heard = []; window.___eio = [(packet) => heard.push(packet)]</script>
  <script src="${chatUrl}/chat/socket.io/?EIO=4&transport=polling&j=0"></script>
  <img src="${chatUrl}/chat/socket.io/?EIO=4&transport=polling&from=img">
  <iframe name="frame"></iframe>
  <form method="post" target="frame" action="${chatUrl}/chat/socket.io/?EIO=4&transport=polling&j=0"><input name="d" value='40{"protocol":[1]}'></form>
  <script>
    document.forms[0].submit();
    const url = "${chatUrl}/chat/socket.io/?EIO=4&transport=polling";
    const read = (answer) => answer.text().then((text) => text && heard.push(text));
    const tries = [];
    for (const mode of ["cors", "no-cors"]) {
      for (const method of ["GET", "POST"]) {
        const body = method === "POST" ? '40{"protocol":[1]}' : undefined;
        tries.push(fetch(url, { credentials: "include", mode, method, body }).then(read));
      }
    }
    for (const type of ["text/plain", "application/x-www-form-urlencoded"]) navigator.sendBeacon(url, new Blob(['40{"protocol":[1]}'], { type }));
    tries.push(new Promise((resolve) => {
      const events = new EventSource(url, { withCredentials: true });
      events.onmessage = ({ data }) => heard.push(data);
      events.onerror = () => resolve(events.close());
    }));
    tries.push(new Promise((resolve) => {
      const socket = new WebSocket("${chatUrl.replace("http", "ws")}/chat/socket.io/?EIO=4&transport=websocket");
      socket.onopen = () => socket.send('40{"protocol":[1]}');
      socket.onmessage = ({ data }) => heard.push(data);
      socket.onclose = resolve;
    }));
    window.tried = Promise.allSettled(tries);
  </script>`;

// A cookie knows no ports, so that the browser brings it to another origin of the same host as it would bring one with
// SameSite=None to another site: nothing but the chat itself stands in between.
test("a page of another origin that uses every way a browser has gets nothing with the visitor's cookie, and nobody is asked who that is", async ({ page }) => {
  let asked = 0;
  const brought = new Set<string>();
  const note = (message: unknown): void => {
    const request = typeof message === "object" && message !== null && "request" in message ? message.request : undefined;
    if (!(request instanceof IncomingMessage) || !request.url?.startsWith("/chat/") || request.headers.cookie !== "sid=ann") return;
    brought.add(`${request.method} ${request.headers["sec-fetch-dest"] ?? ""}`);
  };
  // A chat lets no other listener of the server see its requests.
  subscribe("http.server.request.start", note);
  const chatHttp = createServer();
  const chatUrl = await listen(chatHttp);
  const chat = createChatServer(chatHttp, {
    authenticate() {
      asked += 1;
      return { id: "ann", name: "Ann" };
    },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const pageHttp = createServer((_request, response) => response.setHeader("content-type", "text/html").end(attacks(chatUrl)));
  const pageUrl = await listen(pageHttp);
  try {
    await page.context().addCookies([{ name: "sid", value: "ann", url: chatUrl }]);
    await page.goto(pageUrl);
    await page.evaluate("tried");
    // The cookie was there (of an upgrade nothing is told here): it is the chat that refused.
    await expect.poll(() => [...brought].toSorted()).toEqual(["GET empty", "GET image", "GET script", "POST empty", "POST iframe"]);
    expect(await page.evaluate("heard")).toEqual([]);
    expect(asked).toBe(0);
    // The same from the chat's own origin is let in.
    await page.goto(`${chatUrl}/chat/healthz`);
    const opened: unknown = await page.evaluate(`fetch("/chat/socket.io/?EIO=4&transport=polling").then((answer) => answer.text())`);
    expect(opened).toContain('"sid"');
  } finally {
    unsubscribe("http.server.request.start", note);
    await chat.close();
    for (const server of [chatHttp, pageHttp]) {
      server.close();
      server.closeAllConnections();
    }
  }
});
