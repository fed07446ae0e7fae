import { createServer } from "node:http";
import { Server as SocketServer } from "socket.io";
import { expect, it, onTestFinished, vi } from "vitest";
import { type ChatServer, createChatServer } from "../src/chat-server.js";
import { answerBytes } from "../src/rooms/answer-size.js";
import { memoryStore } from "../src/stores/memory-store.js";
import { RawSocket } from "./raw-socket.js";
import { LogBook, type TestServer, listen, startServer } from "./test-server.js";

const roomId = "lobby";
const asked = 100;
/** What a network holds on its own is a few megabytes; whoever reads nothing is not worth more. */
const mostAnswers = 80;
const join = `421["room:join",{"roomId":"${roomId}","limit":1}]`;
const read = (id: number) => `42${id}["history:read",{"roomId":"${roomId}","limit":200}]`;
const outcomes = /43\d{3}\[\{"ok":(?:true|false,"error":\{"code":"rate-limited")/g;

/** Fills a room with more than fits into an answer. */
async function fill(chat: ChatServer): Promise<void> {
  for (let n = 0; n < 40; n++) await chat.room(roomId).send({ author: { id: "bot", name: "Bot" }, text: "x".repeat(16_000) });
}

/** A store and how many pages of it were read. */
function countingStore() {
  const store = memoryStore();
  const messages = vi.spyOn(store, "messages");
  return { store, answers: () => messages.mock.calls.length };
}

async function startFull() {
  const { store, answers } = countingStore();
  const server = await startServer({ store });
  await fill(server.chat);
  return { ...server, answers };
}

/** In the application's own Socket.IO. */
async function startFullShared() {
  const { store, answers } = countingStore();
  const http = createServer();
  const own = new SocketServer(http);
  onTestFinished(() => own.close());
  const chat = createChatServer(own, { store, guests: true, logger: new LogBook() });
  await fill(chat);
  return { ...(await listen(http)), answers };
}

async function openPolling(poll: string): Promise<string> {
  const { sid } = JSON.parse((await (await fetch(poll)).text()).slice(1));
  return sid;
}

/** Joins by a WebSocket that began with polls. */
async function joinUpgraded(reader: RawSocket, { origin }: TestServer): Promise<void> {
  reader.request(`/chat/socket.io/?EIO=4&transport=websocket&sid=${await openPolling(`${origin}/chat/socket.io/?EIO=4&transport=polling`)}`);
  await reader.hears("101 Switching Protocols");
  reader.frame("2probe");
  await reader.hears("3probe");
  reader.frame("5");
  reader.frame('40{"protocol":[1]}');
  await reader.hears("session:ready");
  reader.frame(join);
  await reader.hears("431[");
}

it.each([
  ["a WebSocket", (reader: RawSocket) => reader.join(roomId)],
  ["a WebSocket that began with polls", joinUpgraded],
])("answers no more than someone reads from %s, and refuses the rest until they do", async (_what, enter) => {
  const server = await startFull();
  const reader = new RawSocket(server.port);
  await enter(reader, server);
  reader.socket.pause();
  for (let n = 0; n < asked; n++) reader.frame(read(100 + n));
  // Meanwhile others are answered, and each time a read might have been too.
  for (let n = 0; n < 2 * asked; n++) expect(await (await fetch(`${server.origin}/chat/healthz`)).json()).toEqual({ status: "ok" });
  expect(server.answers()).toBeLessThan(mostAnswers);
  reader.socket.resume();
  await reader.hears(`43${99 + asked}[`);
  expect(reader.received.match(outcomes)).toHaveLength(asked);
  reader.frame(read(300));
  await reader.hears('43300[{"ok":true');
});

it.each([
  ["its own Socket.IO", startFull, "/chat/socket.io/", ""],
  ["the application's", startFullShared, "/socket.io/", "/chat,"],
])("answers no more than someone polls for from %s, and refuses the rest until they do", async (_what, start, place, namespace) => {
  const { origin, answers } = await start();
  const poll = `${origin}${place}?EIO=4&transport=polling`;
  const path = `${poll}&sid=${await openPolling(poll)}`;
  const say = (...packets: string[]) => fetch(path, { method: "POST", body: packets.map((packet) => `4${packet[1]}${namespace}${packet.slice(2)}`).join("\u001E") });
  let heard = "";
  const hears = async (text: string) => {
    while (!heard.includes(text)) heard += (await (await fetch(path)).text()).replaceAll(namespace, "");
  };
  await say('40{"protocol":[1]}');
  await hears("session:ready");
  await say(join);
  await hears("431[");
  await say(...Array.from({ length: asked }, (_, n) => read(100 + n)));
  for (let n = 0; n < 2 * asked; n++) expect(await (await fetch(`${origin}/chat/healthz`)).json()).toEqual({ status: "ok" });
  expect(answers()).toBeLessThan(10);
  const before = heard.length;
  await hears(`43${99 + asked}[`);
  expect(heard.length - before).toBeLessThan(8 * answerBytes);
  expect(heard.match(outcomes)).toHaveLength(asked);
  await say(read(300));
  await hears('43300[{"ok":true');
});
