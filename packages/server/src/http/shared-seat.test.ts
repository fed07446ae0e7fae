import { createServer } from "node:http";
import { Server as SocketServer } from "socket.io";
import { io } from "socket.io-client";
import { expect, it, onTestFinished, vi } from "vitest";
import { connect, refusalOf } from "../../test/test-client.js";
import { LogBook, listen } from "../../test/test-server.js";
import { createChatServer } from "../chat-server.js";

const quiet = { logger: new LogBook(), guests: true };
const place = { path: "/socket.io", namespace: "/chat" };

/** An application with a Socket.IO of its own and a chat in it. */
async function startShared(options: Parameters<typeof createChatServer>[1] = {}) {
  const http = createServer((_request, response) => response.end("the app"));
  const own = new SocketServer(http);
  own.on("connection", (socket) => socket.on("echo", (text, acknowledge) => acknowledge(text)));
  onTestFinished(() => own.close());
  const chat = createChatServer(own, { ...quiet, ...options });
  return { http, own, chat, ...(await listen(http)) };
}

function connectApp(origin: string) {
  const socket = io(origin, { transports: ["websocket"], reconnection: false, forceNew: true });
  onTestFinished(() => void socket.disconnect());
  return socket;
}

it("lives in a namespace of the application's own Socket.IO", async () => {
  const { origin } = await startShared();
  const [ann, bob] = [await connect(origin, place), await connect(origin, { ...place, transports: ["polling"] })];
  for (const client of [ann, bob]) await client.ask("room:join", { roomId: "lobby" });
  const sent = await ann.send("lobby", "hello");
  await bob.hears("room:events");
  expect(bob.events("lobby")).toEqual([sent]);
  expect(await connectApp(origin).emitWithAck("echo", "still theirs")).toBe("still theirs");
  expect((await fetch(`${origin}/chat/healthz`)).status).toBe(200);
  expect(await (await fetch(`${origin}/page`)).text()).toBe("the app");
});

it("takes only its own away when it closes", async () => {
  const { origin, own, chat } = await startShared();
  const ann = await connect(origin, place);
  const socket = connectApp(origin);
  await chat.close();
  await ann.ends();
  expect(await socket.emitWithAck("echo", "still theirs")).toBe("still theirs");
  expect(await (await fetch(`${origin}/chat/healthz`)).text()).toBe("the app");
  await expect(connect(origin, place)).rejects.toThrow("Invalid namespace");
  const again = createChatServer(own, quiet);
  await connect(origin, place);
  await again.close();
});

it("checks the origin and refuses JSONP there too", async () => {
  const { origin } = await startShared();
  expect(await refusalOf(connect(origin, { ...place, headers: { origin: "https://evil.example" } }))).toMatchObject({ code: "forbidden" });
  const { sid } = JSON.parse((await (await fetch(`${origin}/socket.io/?EIO=4&transport=polling&j=0`)).text()).replace(/^___eio\[0]\("0(.*)"\);$/, "$1").replaceAll('\\"', '"'));
  const url = `${origin}/socket.io/?EIO=4&transport=polling&j=0&sid=${sid}`;
  await fetch(url, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: `d=${encodeURIComponent('40/chat,{"protocol":[1]}')}` });
  expect(await (await fetch(url)).text()).toContain("JSONP is not spoken here");
});

it("limits the connections of an address there too", async () => {
  const { origin } = await startShared({ perAddress: { proxies: 0, connections: 2 } });
  const ann = await connect(origin, place);
  await connect(origin, { ...place, transports: ["polling"] });
  expect(await refusalOf(connect(origin, place))).toMatchObject({ code: "rate-limited", retryAfterMs: 10_000 });
  ann.close();
  await vi.waitFor(() => connect(origin, place));
});

it("lets one connection come back after it was refused", async () => {
  let isOpen = false;
  const { origin } = await startShared({ guests: false, authenticate: () => (isOpen ? { id: "ann", name: "Ann" } : undefined) });
  const socket = io(`${origin}/chat`, { transports: ["websocket"], reconnection: false, forceNew: true, auth: { protocol: [1] } });
  // Keeps the connection open while the chat refuses.
  const app = socket.io.socket("/");
  app.connect();
  onTestFinished(() => void socket.io._close());
  await new Promise((resolve) => socket.once("connect_error", resolve));
  isOpen = true;
  socket.connect();
  expect(await new Promise((resolve) => socket.once("session:ready", resolve))).toMatchObject({ user: { id: "ann" } });
});

it("ends the session of a hostile client and leaves the connection to the application", async () => {
  const { origin } = await startShared();
  const ann = await connect(origin, place);
  const app = ann.socket.io.socket("/");
  app.connect();
  for (let n = 0; n < 3; n++) app.io.socket("/chat").emit("no:such", {});
  await ann.ends();
  expect(await app.emitWithAck("echo", "still theirs")).toBe("still theirs");
});

it("begins anew with a connection that the application's Socket.IO recovered by itself", async () => {
  const http = createServer();
  const own = new SocketServer(http, { connectionStateRecovery: {} });
  onTestFinished(() => own.close());
  createChatServer(own, quiet);
  const { origin } = await listen(http);
  const socket = io(`${origin}/chat`, { transports: ["websocket"], auth: { protocol: [1] }, reconnectionDelay: 20, reconnectionDelayMax: 20 });
  onTestFinished(() => void socket.disconnect());
  const sessions: boolean[] = [];
  socket.on("session:ready", () => sessions.push(socket.recovered));
  await vi.waitFor(() => expect(sessions).toHaveLength(1));
  expect(await socket.emitWithAck("room:join", { roomId: "lobby" })).toMatchObject({ ok: true });
  socket.io.engine.close();
  await vi.waitFor(() => expect(sessions).toEqual([false, true]));
  expect(await socket.emitWithAck("history:read", { roomId: "lobby" })).toMatchObject({ ok: false, error: { code: "forbidden" } });
  expect(await socket.emitWithAck("room:join", { roomId: "lobby" })).toMatchObject({ ok: true });
});

it("leaves no namespace behind when its path on the HTTP server is taken", async () => {
  const { http, own, chat } = await startShared();
  await chat.close();
  const other = createChatServer(http, quiet);
  onTestFinished(() => other.close());
  const before = [...own._nsps.keys()];
  expect(() => createChatServer(own, quiet)).toThrow("give this one another `path`");
  expect([...own._nsps.keys()]).toEqual(before);
});
