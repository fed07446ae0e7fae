import { once } from "node:events";
import type { Socket } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ReplyEnvelope } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import type { AuthenticatedUser } from "../src/session/authenticate.js";
import { RawSocket } from "./raw-socket.js";
import { connect, openSocket, refusalOf } from "./test-client.js";
import { type TestServer, startServer } from "./test-server.js";
import { Wire } from "./wire.js";

const roomId = "lobby";
const complaints: unknown[] = [];
const complain = (what: unknown) => void complaints.push(what);

beforeEach(() => {
  complaints.length = 0;
  for (const event of ["uncaughtException", "unhandledRejection", "warning"] as const) process.on(event, complain);
});

afterEach(() => {
  for (const event of ["uncaughtException", "unhandledRejection", "warning"] as const) process.off(event, complain);
});

/** A server with someone in a room who goes on chatting; `unharmed` shows that they do and that nobody else is left. */
async function startWithCanary(options: Parameters<typeof startServer>[0] = {}): Promise<TestServer & { unharmed(): Promise<void> }> {
  const server = await startServer(options);
  const canary = await connect(server.origin, { guestName: "Canary" });
  await canary.ask("room:join", { roomId });
  return {
    ...server,
    async unharmed() {
      const { seq } = await canary.send(roomId, "tweet");
      expect(seq).toBeGreaterThan(0);
      expect(Object.hasOwn(Object.prototype, "isAdmin")).toBe(false);
      expect(complaints).toEqual([]);
      expect(server.log.messages("error")).toEqual([]);
    },
  };
}

const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;

it.each([
  ["an event without a name", "42"],
  ["an event whose name is its acknowledgement", "421"],
  ["a number as name", "421[0,{}]"],
  ["our own error event", '421["error",null]'],
  ["a name that every object has", '421["constructor",{}]'],
  ["a prototype as name", '421["__proto__",{}]'],
  ["an event that only the server says", '421["room:events",{}]'],
  ["an event of the server's emitter", '421["connection",{}]'],
  ["a huge name", `421["${"x".repeat(10_000)}",{}]`],
  ["no input", '421["message:send"]'],
  ["no acknowledgement", `42["message:send",{"roomId":"lobby","text":"x"}]`],
  ["an object as acknowledgement", '42["message:send",{},{}]'],
  ["fifty inputs", `421["message:send"${",{}".repeat(50)}]`],
])("closes a connection that sends %s three times", async (_what, packet) => {
  const { port, unharmed } = await startWithCanary();
  const wire = await Wire.open(port);
  wire.send(packet);
  wire.send(packet);
  await unharmed();
  expect(wire.isOpen).toBe(true);
  wire.send(packet);
  await wire.ends();
  await unharmed();
});

it.each([
  ["broken JSON", '42["message:send",{'],
  ["no JSON", "42hello"],
  ["a reserved name", '42["disconnect"]'],
  ["the name of an emitter's own event", '42["newListener"]'],
  ["an empty event", "42[]"],
  ["null as name", "42[null]"],
  ["an object as name", "42[{}]"],
  ["a packet type there is not", "49"],
  ["an engine packet there is not", "9"],
  ["a message without a packet", "4"],
  ["a binary event", '451-["message:send",{"_placeholder":true,"num":0}]'],
  ["a binary event that expects much", '451e1-["m"]'],
  ["a placeholder with the name of a method", '451-["m",{"_placeholder":true,"num":"splice"}]'],
  ["a second CONNECT", '40{"protocol":[1]}'],
  ["a ping of its own", "2"],
  ["a packet above the limit", `42["message:send",{"text":"${"x".repeat(70_000)}"}]`],
  ["a megabyte", "x".repeat(1_000_000)],
])("closes a connection that sends %s", async (_what, packet) => {
  const { port, unharmed } = await startWithCanary();
  const wire = await Wire.open(port);
  wire.send(packet);
  await wire.ends();
  await unharmed();
});

it("closes a connection that sends binary frames", async () => {
  const { port, unharmed } = await startWithCanary();
  const wire = await Wire.open(port);
  wire.send(new Uint8Array([4, 1, 2, 3]));
  await wire.ends();
  await unharmed();
});

it.each([
  ["null", "null"],
  ["a string", '"hello"'],
  ["an array", "[]"],
  ["a number", "1e999"],
  ["an empty object", "{}"],
  ["a deeply nested array", deep],
  ["a deeply nested field", `{"roomId":${deep}}`],
  ["a hundred keys", `{${Array.from({ length: 100 }, (_, n) => `"k${n}":1`).join(",")}}`],
  ["ten thousand writes", `{"roomId":"lobby","writes":[${Array.from({ length: 10_000 }, () => "{}").join(",")}]}`],
  ["a prototype", '{"__proto__":{"isAdmin":true},"roomId":"lobby"}'],
  ["fields of the server", '{"roomId":"lobby","id":"x","text":"x","from":"admin","role":"admin","seq":1}'],
  ["operators in place of strings", '{"roomId":{"$gt":""},"id":{"$ne":1},"text":{"toString":1}}'],
  ["a lone surrogate as room", '{"roomId":"\\ud800"}'],
])("answers %s as input with a short, typed error", async (_what, input) => {
  const { port, unharmed } = await startWithCanary({ rates: { write: { burst: 50, perSecond: 1e9 } } });
  const wire = await Wire.open(port);
  const names = ["message:send", "room:write", "room:join", "history:read", "typing:set", "session:refresh"];
  for (const [index, name] of names.entries()) {
    wire.send(`42${index}["${name}",${input}]`);
    const reply = ReplyEnvelope.parse(await wire.reply(index));
    if (name === "session:refresh" && reply.ok) continue;
    expect(reply).toMatchObject({ ok: false, error: { code: "invalid", retry: "no" } });
    expect(JSON.stringify(reply).length).toBeLessThan(1_024);
  }
  expect(wire.isOpen).toBe(true);
  await unharmed();
});

it("refuses numbers that no place has", async () => {
  const { origin, unharmed } = await startWithCanary();
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  for (const limit of [0, -1, 1.5, 2 ** 53, "5", null]) expect(await refusalOf(ann.askAnything("history:read", { roomId, limit }))).toMatchObject({ code: "invalid" });
  for (const seq of [-1, -0, 0.5, 2 ** 53]) expect(await refusalOf(ann.askAnything("receipt:move", { roomId, seq: Object.is(seq, -0) ? -1 : seq }))).toMatchObject({ code: "invalid" });
  await unharmed();
});

it("asks the application once however often a connection asks to connect", async () => {
  const asked = vi.fn(() => new Promise<AuthenticatedUser | undefined>((resolve) => setTimeout(resolve, 50)));
  const { port, unharmed } = await startWithCanary({ authenticate: asked });
  asked.mockClear();
  const wire = await Wire.open(port, "");
  for (let n = 0; n < 100; n++) wire.send('40{"protocol":[1]}');
  await wire.ends();
  expect(asked).toHaveBeenCalledTimes(1);
  await unharmed();
});

it.each([
  ["answers to pings", "3"],
  ["empty packets", "6"],
  ["acknowledgements of nothing", "431[{}]"],
  ["asks for namespaces there are not", "40/unknown,"],
  ["typing", '421["typing:set",{"roomId":"lobby","isTyping":true}]'],
])("closes a connection that floods it with %s", async (_what, packet) => {
  const { port, unharmed } = await startWithCanary();
  const wire = await Wire.open(port);
  for (let n = 0; n < 2_000; n++) wire.send(packet);
  await wire.ends();
  await unharmed();
});

it("hands no more of a packed request to handlers than a connection may send", async () => {
  const asked = vi.fn(() => true);
  const { origin, unharmed } = await startWithCanary({ authorize: asked, rates: { packets: { burst: 100, perSecond: 1 } } });
  const poll = `${origin}/chat/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(poll)).text()).slice(1));
  await fetch(`${poll}&sid=${sid}`, { method: "POST", body: '40{"protocol":[1]}' });
  await vi.waitFor(async () => expect(await (await fetch(`${poll}&sid=${sid}`)).text()).toContain("session:ready"));
  asked.mockClear();
  const bomb = Array.from({ length: 1_500 }, (_, n) => `42${n}["room:join",{"roomId":"r${n}"}]`).join("\u001E");
  await fetch(`${poll}&sid=${sid}`, { method: "POST", body: bomb }).catch(() => undefined);
  await unharmed();
  expect(asked.mock.calls.length).toBeLessThan(100 * 7);
  expect((await fetch(`${poll}&sid=${sid}`)).status).toBe(400);
});

it("refuses a request body above the limit", async () => {
  const { origin, unharmed } = await startWithCanary();
  const poll = `${origin}/chat/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(poll)).text()).slice(1));
  const response = await fetch(`${poll}&sid=${sid}`, { method: "POST", body: "4".repeat(70_000) });
  expect(response.status).toBe(413);
  await unharmed();
});

it("counts what a user asks over all their connections, and says how long to wait", async () => {
  const { origin, unharmed } = await startWithCanary({ rates: { write: { burst: 30, perSecond: 0.01 } } });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  await Promise.all(Array.from({ length: 30 }, (_, n) => ann.send(roomId, `${n}`)));
  expect(await refusalOf(ann.send(roomId, "too much"))).toMatchObject({ code: "rate-limited", retry: "same", retryAfterMs: expect.any(Number) });
  const twin = await connect(origin, { guestToken: ann.ready.guestToken ?? "" });
  await twin.ask("room:join", { roomId });
  expect(await refusalOf(twin.send(roomId, "too much"))).toMatchObject({ code: "rate-limited" });
  await unharmed();
});

it("lets a batch as large as the limit through and counts its commands", async () => {
  const { origin } = await startServer({ rates: { write: { burst: 10, perSecond: 0.01 } } });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  const writes = Array.from({ length: 50 }, () => ({ name: "message:send", input: { roomId, id: uuidv7(), text: "x" } }) as const);
  expect((await ann.ask("room:write", { roomId, writes })).results.every(({ ok }) => ok)).toBe(true);
  expect(await refusalOf(ann.send(roomId, "too much"))).toMatchObject({ code: "rate-limited" });
});

it("never cuts off a page that opens all its rooms at once", async () => {
  const { origin } = await startServer();
  const ann = await connect(origin, { transports: ["polling"] });
  const rooms = Array.from({ length: 100 }, (_, n) => `room-${n}`);
  await Promise.all(rooms.map((roomId) => ann.ask("room:join", { roomId })));
  await Promise.all(rooms.map((roomId) => ann.ask("receipt:move", { roomId, seq: 0 })));
  await ann.send("room-99", "here");
  expect(ann.socket.connected).toBe(true);
});

it("forgets a connection that leaves in the middle of joining", async () => {
  const { origin, unharmed, chat } = await startWithCanary({ authorize: () => new Promise((resolve) => setTimeout(resolve, 20, true)) });
  const sockets = Array.from({ length: 10 }, () => openSocket(origin));
  for (const socket of sockets) {
    socket.once("session:ready", () => {
      socket.emit("room:join", { roomId }, () => undefined);
      setTimeout(() => socket.disconnect(), 5);
    });
  }
  await vi.waitFor(() => expect(sockets.every((socket) => socket.disconnected && socket.id === undefined)).toBe(true));
  const bob = await connect(origin);
  await vi.waitFor(async () => expect((await bob.ask("room:join", { roomId })).presence.count).toBe(2));
  await unharmed();
  await chat.close();
});

it("cuts off who does not read what they are sent, and keeps the memory", async () => {
  const { port, chat, http, unharmed } = await startWithCanary();
  const sockets = new Set<Socket>();
  http.on("connection", (socket: Socket) => void sockets.add(socket));
  const reader = new RawSocket(port);
  await reader.join(roomId);
  reader.socket.pause();
  await vi.waitFor(() => expect(sockets.size).toBeGreaterThan(0));
  const ended = Promise.all([...sockets].map((socket) => once(socket, "close")));
  const text = "x".repeat(16_000);
  const author = { id: "bot", name: "Bot" };
  for (let n = 0; n < 1_000; n++) await chat.room(roomId).send({ author, text });
  await ended;
  await unharmed();
});
