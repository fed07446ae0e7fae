import { once } from "node:events";
import { createServer } from "node:http";
import { connect as connectTcp } from "node:net";
import express from "express";
import { Server as SocketServer } from "socket.io";
import { io } from "socket.io-client";
import { expect, it, onTestFinished } from "vitest";
import { connect } from "../../test/test-client.js";
import { LogBook, listen, startServer } from "../../test/test-server.js";
import { createChatServer } from "../chat-server.js";

const quiet = { logger: new LogBook(), guests: true };

/** What a server says to an upgrade request, until it closes the connection or a moment passes. */
async function upgrade(port: number, path: string): Promise<string> {
  const socket = connectTcp(port, "127.0.0.1");
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
  onTestFinished(() => void socket.destroy());
  const [data] = await once(socket, "data");
  return String(data).split("\r\n")[0] ?? "";
}

/** Connects to the application's own Socket.IO and gives what it says first. */
async function greet(origin: string): Promise<unknown> {
  const socket = io(origin, { reconnection: false, forceNew: true, transports: ["websocket"] });
  onTestFinished(() => void socket.disconnect());
  return new Promise((resolve) => socket.on("greeting", resolve));
}

it("leaves everything that is not below its path to the application", async () => {
  const app = express();
  app.get("/", (_request, response) => void response.send("home"));
  app.get("/chat", (_request, response) => void response.send("the page with the chat"));
  app.get("/chatter", (_request, response) => void response.send("chatter"));
  app.use((_request, response) => void response.status(404).send("the app knows nothing"));
  const { origin } = await startServer({ app });
  for (const [path, text] of [["/", "home"], ["/chat", "the page with the chat"], ["/chat?x=1", "the page with the chat"], ["/chatter", "chatter"], ["/other", "the app knows nothing"]] as const) {
    expect(await (await fetch(`${origin}${path}`)).text()).toBe(text);
  }
  expect((await fetch(`${origin}/chat/healthz`)).status).toBe(200);
});

it("answers alone also when the application comes later", async () => {
  const { http, origin } = await startServer();
  const seen: (string | undefined)[] = [];
  http.on("request", (request, response) => {
    seen.push(request.url);
    response.end("the app");
  });
  const ann = await connect(origin, { transports: ["polling"] });
  await ann.ask("room:join", { roomId: "lobby" });
  expect(await (await fetch(`${origin}/page`)).text()).toBe("the app");
  expect(seen).toEqual(["/page"]);
});

it.each(["before", "after"])("shares a server with the application's own Socket.IO that came %s it", async (when) => {
  const http = createServer();
  const attach = () => {
    const own = new SocketServer(http);
    own.on("connection", (socket) => socket.emit("greeting", "from the app"));
    onTestFinished(() => own.close());
  };
  if (when === "before") attach();
  const chat = createChatServer(http, quiet);
  if (when === "after") attach();
  const { origin } = await listen(http);
  const ann = await connect(origin);
  expect(await greet(origin)).toBe("from the app");
  // Engine.IO ends upgrades that nobody took after a second.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  await ann.ask("room:join", { roomId: "lobby" });
  await chat.close();
  expect(await greet(origin)).toBe("from the app");
});

it.each(["before", "after"])("shares a server with another handler of upgrades that came %s it and refuses what is not its own", async (when) => {
  const http = createServer();
  const attach = () =>
    http.on("upgrade", (request, socket) => {
      socket.end(request.url === "/ws" ? "HTTP/1.1 101 Theirs\r\n\r\n" : "HTTP/1.1 400 Not theirs\r\n\r\n");
    });
  if (when === "before") attach();
  const chat = createChatServer(http, quiet);
  if (when === "after") attach();
  const { port, origin } = await listen(http);
  const ann = await connect(origin);
  expect(await upgrade(port, "/ws")).toBe("HTTP/1.1 101 Theirs");
  expect(await upgrade(port, "/elsewhere")).toBe("HTTP/1.1 400 Not theirs");
  await ann.ask("room:join", { roomId: "lobby" });
  await chat.close();
  expect(await upgrade(port, "/ws")).toBe("HTTP/1.1 101 Theirs");
});

it("answers an upgrade that is nobody's instead of letting it hang", async () => {
  const { port, http } = await startServer();
  createChatServer(http, { ...quiet, path: "/second" });
  expect(await upgrade(port, "/elsewhere")).toBe("HTTP/1.1 404 Not Found");
  expect(await upgrade(port, "/chat/elsewhere")).toBe("HTTP/1.1 404 Not Found");
});

it("leaves the HTTP server running and as it was when it closes", async () => {
  const http = createServer((_request, response) => response.end("still here"));
  const before = { request: http.listeners("request"), upgrade: http.listeners("upgrade"), emit: http.emit };
  const chat = createChatServer(http, quiet);
  const { origin } = await listen(http);
  const ann = await connect(origin);
  await chat.close();
  await ann.ends();
  expect({ request: http.listeners("request"), upgrade: http.listeners("upgrade"), emit: http.emit }).toEqual(before);
  expect(await (await fetch(`${origin}/chat/healthz`)).text()).toBe("still here");
  expect(http.listening).toBe(true);

  const again = createChatServer(http, quiet);
  await connect(origin);
  await again.close();
});

it("lets go of the server also when someone stepped in front of it meanwhile", async () => {
  const http = createServer((_request, response) => response.end("still here"));
  const chat = createChatServer(http, quiet);
  const emit = http.emit.bind(http);
  const traced: string[] = [];
  http.emit = (event: string | symbol, ...parts: unknown[]): boolean => {
    traced.push(String(event));
    return Reflect.apply(emit, http, [event, ...parts]);
  };
  const { origin } = await listen(http);
  await chat.close();
  expect(await (await fetch(`${origin}/chat/healthz`)).text()).toBe("still here");
  expect(traced).toContain("request");
  const again = createChatServer(http, quiet);
  expect(await (await fetch(`${origin}/chat/healthz`)).json()).toEqual({ status: "ok" });
  await again.close();
});

it("holds two chats on two paths, and refuses two on one", async () => {
  const { http, origin } = await startServer();
  const second = createChatServer(http, { ...quiet, path: "/support/chat" });
  onTestFinished(() => second.close());
  const ann = await connect(origin, { path: "/support/chat/socket.io" });
  const bob = await connect(origin);
  await ann.ask("room:join", { roomId: "lobby" });
  expect(await bob.ask("room:join", { roomId: "lobby" })).toMatchObject({ presence: { count: 1 } });
  expect(() => createChatServer(http, quiet)).toThrow(/give this one another `path`/);
});

it("says goodbye before it closes, and clients come back on their own", async () => {
  const { chat, origin } = await startServer({ random: () => 0.5 });
  const ann = await connect(origin);
  const ended = new Promise((resolve) => ann.socket.on("disconnect", resolve));
  await chat.close();
  // Socket.IO's client does not reconnect by itself after "io server disconnect".
  expect(await ended).toBe("transport close");
  expect(ann.all("session:going-away")).toEqual([{ retryAfterMs: expect.any(Number) }]);
});

it.each([[["/chat", "/chat/support"]], [["/chat/support", "/chat"]]])("answers below paths within each other, made in the order %j", async (paths) => {
  const http = createServer((_request, response) => response.writeHead(418).end());
  const chats = paths.map((path) => createChatServer(http, { ...quiet, path }));
  onTestFinished(() => Promise.all(chats.map((chat) => chat.close({ drainMs: 10 }))).then(() => undefined));
  const { origin } = await listen(http);
  for (const path of paths) {
    expect((await fetch(`${origin}${path}/healthz`)).status).toBe(200);
    await connect(origin, { path: `${path}/socket.io` });
  }
});

it("leaves nothing behind when it is refused", async () => {
  const http = createServer();
  const chat = createChatServer(http, quiet);
  const before = [process.getActiveResourcesInfo().length, http.listenerCount("upgrade")];
  for (let n = 0; n < 5; n++) expect(() => createChatServer(http, quiet)).toThrow("give this one another `path`");
  expect([process.getActiveResourcesInfo().length, http.listenerCount("upgrade")]).toEqual(before);
  await chat.close();
});
