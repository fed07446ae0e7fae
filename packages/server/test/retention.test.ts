import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { v7 as uuidv7 } from "uuid";
import { expect, it, onTestFinished } from "vitest";
import { sqliteStore } from "../src/stores/sqlite/sqlite-store.js";
import { ManualClock } from "./manual-clock.js";
import { connect } from "./test-client.js";
import { startServer } from "./test-server.js";

const roomId = "lobby";
const minute = 60_000;
const minutes = (count: number) => ({ days: (count * minute) / 86_400_000 });

async function start(options: { retention?: { days: number } } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "retention-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const clock = new ManualClock();
  const store = sqliteStore({ filename: join(folder, "chat.db") });
  const { origin, chat } = await startServer({ store, clock, random: () => 0, ...options });
  await chat.ready;
  /** Lets time pass in steps shorter than the store's deadline, each with a question to the store, so that what a timer asked of it is done before the next. */
  const pass = async (count: number) => {
    for (let passed = 0; passed < count * minute; passed += 5_000) {
      clock.advance(5_000);
      await store.heads([]);
    }
  };
  const textsOf = async (room: string) => (await store.messages(room, { limit: 10 })).messages.map(({ text }) => text);
  const texts = () => textsOf(roomId);
  const send = (room: string) => chat.room(room).send({ author: { id: "bot", name: "Bot" }, text: "hello" });
  return { origin, chat, pass, texts, textsOf, send };
}

it("forgets what is older than it should be, for newcomers and for those who come back, while others have the room open", async () => {
  const { origin, pass, texts } = await start({ retention: minutes(10) });
  const [ann, bob] = [await connect(origin), await connect(origin)];
  const { catchUp } = await ann.ask("room:join", { roomId });
  const id = uuidv7();
  await ann.send(roomId, "old", id);
  await bob.ask("room:join", { roomId });
  await pass(50);
  await ann.send(roomId, "new");
  await pass(10);
  await expect.poll(texts).toEqual(["new"]);
  await pass(5);

  const newcomer = await connect(origin);
  const joined = await newcomer.ask("room:join", { roomId });
  expect(joined.catchUp).toMatchObject({ kind: "snapshot", head: 2, hasOlder: false, messages: [{ text: "new" }] });
  const back = await (await connect(origin)).ask("room:join", { roomId, after: { epoch: catchUp.epoch, seq: 0 } });
  expect(back.catchUp).toMatchObject({ kind: "snapshot", reason: "trimmed", messages: [{ text: "new" }] });
  expect(await newcomer.ask("history:read", { roomId, before: 2 })).toMatchObject({ messages: [], hasOlder: false });
  expect(await newcomer.ask("room:sync", { roomId, after: { epoch: catchUp.epoch, seq: 1 } })).toMatchObject({ kind: "events", events: [{ seq: 2 }] });

  await expect(ann.ask("message:edit", { roomId, id: uuidv7(), messageId: id, text: "again" })).rejects.toMatchObject({ code: "not-found" });
  expect(await ann.send(roomId, "old", id)).toMatchObject({ seq: 1, text: "" });
  expect(await bob.send(roomId, "after")).toMatchObject({ seq: 3 });
  await ann.hears("room:events", ({ from }) => from === 3);
});

it("keeps the messages of a room for a time of its own", async () => {
  const { chat, pass, texts, textsOf, send } = await start({ retention: minutes(10) });
  await chat.rooms.update(roomId, { by: "application", settings: { retentionDays: minutes(200).days } });
  await chat.rooms.update("short", { by: "application", settings: { retentionDays: minutes(5).days } });
  for (const room of [roomId, "short", "usual"]) await send(room);
  await pass(62);
  await expect.poll(() => textsOf("usual")).toEqual([]);
  expect(await textsOf("short")).toEqual([]);
  expect(await texts()).toEqual(["hello"]);
});

it("forgets where only one room keeps its messages for a time", async () => {
  const { chat, pass, texts, textsOf, send } = await start();
  await chat.rooms.update("short", { by: "application", settings: { retentionDays: minutes(5).days } });
  for (const room of [roomId, "short"]) await send(room);
  await pass(62);
  await expect.poll(() => textsOf("short")).toEqual([]);
  expect(await texts()).toEqual(["hello"]);
});

it("forgets again every hour", async () => {
  const { origin, pass, texts } = await start({ retention: minutes(10) });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  for (const text of ["one", "two", "three"]) {
    await ann.send(roomId, text);
    await pass(65);
    await expect.poll(texts).toEqual([]);
  }
});

it("keeps everything when it is not told otherwise", async () => {
  const { origin, pass, texts } = await start();
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  await ann.send(roomId, "old");
  await pass(130);
  await ann.send(roomId, "new");
  expect(await texts()).toEqual(["old", "new"]);
});
