import { expect, it, vi } from "vitest";
import type { RoomEvent } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import { FaultyStore } from "../test/faulty-store.js";
import { connect, refusalOf } from "../test/test-client.js";
import { startServer } from "../test/test-server.js";
import * as door from "./index.js";
import { memoryStore } from "./stores/memory-store.js";

const roomId = "lobby";
const bot = { id: "bot", name: "Bot" };

it("has a small door", () => {
  expect(Object.keys(door)).toEqual(["ChatError", "defineEvents", "createChatServer", "forAdapter", "memoryStore", "diskFiles"]);
});

it("lets two people talk", async () => {
  const { origin } = await startServer();
  const ann = await connect(origin, { guestName: "Ann" });
  const bob = await connect(origin, { guestName: "Bob", transports: ["polling"] });
  await ann.ask("room:join", { roomId });
  const joined = await bob.ask("room:join", { roomId });
  expect(joined.presence).toMatchObject({ count: 2, users: [{ name: "Ann" }, { name: "Bob" }] });

  const sent = await ann.send(roomId, "hello");
  await bob.hears("room:events");
  expect(bob.events(roomId)).toEqual([sent]);
  expect(sent).toMatchObject({ type: "message.sent", seq: 1, text: "hello", author: { id: ann.ready.user.id, name: "Ann" } });
});

it("sends what the application says the same way as what users say", async () => {
  const { origin, chat } = await startServer({ limits: { textBytes: 100 } });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  const id = uuidv7();
  const message = await chat.room(roomId).send({ id, author: bot, text: "hello" });
  expect(message).toMatchObject({ id, seq: 1, author: bot, text: "hello", reactions: [] });
  expect(await chat.room(roomId).send({ id, author: bot, text: "hello" })).toEqual(message);
  await chat.room(roomId).send({ author: bot, text: "again", replyTo: id });
  await ann.hears("room:events", ({ from }) => from === 2);
  expect(ann.events(roomId)).toMatchObject([{ text: "hello" }, { text: "again", replyTo: id }]);

  const push = (draft: Parameters<ReturnType<typeof chat.room>["send"]>[0]) => refusalOf(chat.room(roomId).send(draft));
  expect(await push({ author: bot, text: " " })).toMatchObject({ code: "invalid" });
  expect(await push({ author: { id: "", name: "" }, text: "x" })).toMatchObject({ code: "invalid" });
  expect(await push({ author: bot, text: "x".repeat(101) })).toMatchObject({ code: "too-large" });
  expect(await push({ author: bot, text: "x", replyTo: uuidv7() })).toMatchObject({ code: "not-found" });
  expect(await push({ id, author: bot, text: "other" })).toMatchObject({ code: "conflict" });
  expect(await refusalOf(chat.room("no such room").send({ author: bot, text: "x" }))).toMatchObject({ code: "invalid" });
});

it("lets the application change what was said, and read it", async () => {
  const { origin, chat } = await startServer();
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  const room = chat.room(roomId);
  const { id } = await ann.send(roomId, "hello");
  const command = uuidv7();
  expect(await room.edit(id, { by: "moderation", text: "h***o", id: command })).toMatchObject({ id, text: "h***o", rev: 2 });
  expect(await room.edit(id, { by: "moderation", text: "h***o", id: command })).toMatchObject({ rev: 2 });
  expect(await room.react(id, { by: "bot", emoji: "👀" })).toMatchObject({ reactions: [{ emoji: "👀", userIds: ["bot"] }] });
  expect(await room.unreact(id, { by: "bot", emoji: "👀" })).toMatchObject({ reactions: [] });
  expect(await room.delete(id, { by: "moderation" })).toMatchObject({ text: "", deletedBy: "moderation" });
  expect(await room.delete(id, { by: "somebody else" })).toMatchObject({ deletedBy: "moderation", rev: 5 });
  await ann.hears("room:events", ({ events }) => events.at(-1)?.seq === 5);
  expect(ann.events(roomId).map(({ type }) => type)).toEqual(["message.sent", "message.edited", "reaction.added", "reaction.removed", "message.deleted"]);

  const { id: last } = await ann.send(roomId, "last");
  expect(await room.message(last)).toMatchObject({ text: "last" });
  expect(await room.message(uuidv7())).toBeUndefined();
  expect(await room.messages()).toMatchObject({ asOf: 6, messages: [{ id }, { id: last }], hasOlder: false });
  expect(await room.messages({ before: 6, limit: 1 })).toMatchObject({ messages: [{ id }], hasNewer: true });

  expect(await refusalOf(room.edit(id, { by: "moderation", text: "too late" }))).toMatchObject({ code: "conflict" });
  expect(await refusalOf(room.edit(uuidv7(), { by: "moderation", text: "x" }))).toMatchObject({ code: "not-found" });
  expect(await refusalOf(room.delete(last, { by: "" }))).toMatchObject({ code: "invalid" });
  expect(await refusalOf(room.react(last, { by: "bot", emoji: "no emoji" }))).toMatchObject({ code: "invalid" });
  expect(await refusalOf(room.message("no id"))).toMatchObject({ code: "invalid" });
  for (const query of [{ before: 1, after: 1 }, { limit: 0 }, { before: -1 }]) expect(await refusalOf(room.messages(query))).toMatchObject({ code: "invalid" });
});

it("tells the application of everything that is stored, once and in order, whatever it does with it", async () => {
  const heard: [string, RoomEvent][] = [];
  const { origin, chat, log } = await startServer({
    onEvent(heardIn, event) {
      heard.push([heardIn, { ...event }]);
      if ("text" in event) event.text = "changed by the application";
      throw new Error("the application stumbles");
    },
  });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  const id = uuidv7();
  await ann.send(roomId, "hello", id);
  await ann.send(roomId, "hello", id);
  await ann.ask("message:delete", { roomId, id: uuidv7(), messageId: id });
  await chat.room("garden").send({ author: bot, text: "hi" });
  expect(heard).toMatchObject([[roomId, { type: "message.sent", seq: 1, text: "hello" }], [roomId, { type: "message.deleted", seq: 2, messageId: id }], ["garden", { seq: 1, text: "hi" }]]);
  expect(ann.events(roomId)).toMatchObject([{ text: "hello" }, { type: "message.deleted" }]);
  expect(log.messages("error")).toEqual(heard.map(() => "unable to tell the application what happened; its function threw"));
});

it("makes what is asked early wait until the store is open", async () => {
  const store = new FaultyStore();
  let open: () => void = () => undefined;
  store.opening = new Promise((resolve) => (open = resolve));
  const { origin, chat } = await startServer({ store });
  const pushed = chat.room(roomId).send({ author: bot, text: "early" });
  const connecting = connect(origin);
  open();
  await chat.ready;
  expect(await pushed).toMatchObject({ seq: 1 });
  await connecting;
});

it("answers `unavailable` and logs once when the store does not open", async () => {
  const store = new FaultyStore();
  store.failsToOpen = true;
  const told: unknown[] = [];
  const { origin, chat, log } = await startServer({ store, onError: (error) => void told.push(error) });
  await expect(chat.ready).rejects.toThrow("disk on fire");
  expect(await refusalOf(chat.room(roomId).send({ author: bot, text: "x" }))).toMatchObject({ code: "unavailable", retry: "same" });
  expect(await refusalOf(connect(origin))).toMatchObject({ code: "unavailable", retry: "same" });
  expect(JSON.stringify(await refusalOf(connect(origin)))).not.toContain("fire");
  expect(log.messages("error")).toHaveLength(1);
  expect(told).toEqual([new Error("disk on fire")]);
});

it("finishes what is being done before it closes, and refuses what comes later", async () => {
  const store = new FaultyStore();
  const { origin, chat } = await startServer({ store });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  let open: () => void = () => undefined;
  store.gate = new Promise((resolve) => (open = resolve));
  const sent = ann.send(roomId, "in time");
  await ann.ask("room:join", { roomId: "other" });
  const closed = chat.close({ drainMs: 10_000 });
  await ann.hears("session:going-away");
  expect(await refusalOf(ann.ask("history:read", { roomId: "other" }))).toMatchObject({ code: "unavailable", retry: "same" });
  expect(await refusalOf(connect(origin))).toMatchObject({ code: "unavailable" });
  open();
  expect(await sent).toMatchObject({ seq: 1 });
  await closed;
  await ann.ends();
  expect(await chat.close()).toBeUndefined();
});

it("does not wait longer than it is told when it closes", async () => {
  const store = new FaultyStore();
  const { origin, chat } = await startServer({ store });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  store.gate = new Promise(() => undefined);
  ann.send(roomId, "never").catch(() => undefined);
  await ann.ask("room:join", { roomId: "other" });
  await chat.close({ drainMs: 10 });
  await ann.ends();
});

it("stores read positions that wait when it closes", async () => {
  const store = memoryStore();
  const { origin, chat } = await startServer({ store });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  await ann.send(roomId, "hello");
  await ann.ask("receipt:move", { roomId, seq: 1 });
  const moved = vi.spyOn(store, "moveReceipt");
  await chat[Symbol.asyncDispose]();
  expect(moved).toHaveBeenCalledExactlyOnceWith(roomId, ann.ready.user.id, 1);
});

it("logs nothing of what people say, and no token", async () => {
  const { origin, log } = await startServer({
    authenticate: ({ token }) => {
      if (token === "secret-token") throw new Error("no such token");
      return undefined;
    },
  });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  await ann.send(roomId, "secret-text");
  await refusalOf(connect(origin, { token: "secret-token" }));
  expect(log.lines).toHaveLength(1);
  expect(JSON.stringify(log.lines)).not.toContain("secret");
});
