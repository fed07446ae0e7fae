import { expect, it } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { FaultyStore } from "../../test/faulty-store.js";
import { type TestClient, connect, refusalOf } from "../../test/test-client.js";
import { startServer } from "../../test/test-server.js";

const roomId = "lobby";
const generous = { write: { burst: 5_000, perSecond: 5_000 }, packets: { burst: 5_000, perSecond: 5_000 } };

async function write(client: TestClient, count: number): Promise<void> {
  for (let written = 0; written < count; written += 50) {
    const size = Math.min(50, count - written);
    const writes = Array.from({ length: size }, () => ({ name: "message:send", input: { roomId, id: uuidv7(), text: "x" } }) as const);
    await client.ask("room:write", { roomId, writes });
  }
}

it("gives a newcomer the newest messages", async () => {
  const { origin } = await startServer();
  const ann = await connect(origin);
  const first = await ann.ask("room:join", { roomId });
  expect(first.catchUp).toMatchObject({ kind: "snapshot", reason: "first", head: 0, messages: [], hasOlder: false });
  for (const text of ["a", "b", "c"]) await ann.send(roomId, text);
  const bob = await connect(origin);
  const { catchUp } = await bob.ask("room:join", { roomId, limit: 2 });
  expect(catchUp).toMatchObject({ kind: "snapshot", reason: "first", head: 3, messages: [{ text: "b" }, { text: "c" }], hasOlder: true });
});

it("gives one who comes back exactly what they missed", async () => {
  const { origin } = await startServer();
  const ann = await connect(origin);
  const bob = await connect(origin);
  const { catchUp: before } = await bob.ask("room:join", { roomId });
  await ann.ask("room:join", { roomId });
  const heard = await ann.send(roomId, "while here");
  await bob.hears("room:events");
  bob.close();

  const { id: messageId } = await ann.send(roomId, "while away");
  await ann.ask("message:edit", { roomId, id: uuidv7(), messageId, text: "edited" });
  const again = await connect(origin);
  const { catchUp } = await again.ask("room:join", { roomId, after: { epoch: before.epoch, seq: heard.seq } });
  expect(catchUp).toMatchObject({ kind: "events", head: 3, more: false, events: [{ seq: 2, type: "message.sent" }, { seq: 3, type: "message.edited" }] });
});

it("starts a reader anew when the store is another one or knows less than they do", async () => {
  const { origin } = await startServer();
  const ann = await connect(origin);
  const { catchUp } = await ann.ask("room:join", { roomId });
  await ann.send(roomId, "hello");
  const rejoin = async (after: { epoch: string; seq: number }) => (await ann.ask("room:join", { roomId, after })).catchUp;
  expect(await rejoin({ epoch: "of another store", seq: 1 })).toMatchObject({ kind: "snapshot", reason: "epoch", messages: [{ text: "hello" }] });
  expect(await rejoin({ epoch: catchUp.epoch, seq: 2 })).toMatchObject({ kind: "snapshot", reason: "ahead", messages: [{ text: "hello" }] });
  expect(await rejoin({ epoch: catchUp.epoch, seq: 1 })).toMatchObject({ kind: "events", events: [], more: false });
});

it("replays at most a thousand events, in pages, and gives a snapshot to who is further behind", async () => {
  const { origin } = await startServer({ rates: generous });
  const ann = await connect(origin);
  const { catchUp } = await ann.ask("room:join", { roomId });
  await write(ann, 1_001);
  const after = { epoch: catchUp.epoch, seq: 1 };
  const seqs: number[] = [];
  for (let more = true; more; ) {
    const page = await ann.ask("room:sync", { roomId, after, limit: 1_000 });
    if (page.kind !== "events") throw new Error(`got a ${page.kind}`);
    expect(page.events.length).toBeLessThanOrEqual(200);
    seqs.push(...page.events.map(({ seq }) => seq));
    ({ more } = page);
    after.seq = seqs.at(-1) ?? 0;
  }
  expect(seqs).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 2));
  const far = await ann.ask("room:sync", { roomId, after: { epoch: catchUp.epoch, seq: 0 } });
  expect(far).toMatchObject({ kind: "snapshot", reason: "far", hasOlder: true });
  expect(far.kind === "snapshot" && far.messages).toHaveLength(50);
});

it("says that a log no longer reaches back", async () => {
  const store = new FaultyStore();
  store.isTrimmed = true;
  const { origin, chat } = await startServer({ store });
  await chat.room(roomId).send({ author: { id: "bot", name: "Bot" }, text: "hello" });
  const ann = await connect(origin);
  const { catchUp } = await ann.ask("room:join", { roomId: "elsewhere" });
  const again = await ann.ask("room:join", { roomId, after: { epoch: catchUp.epoch, seq: 0 } });
  expect(again.catchUp).toMatchObject({ kind: "snapshot", reason: "trimmed" });
});

it("answers nothing about a room that is not open, whether it exists or not", async () => {
  const { origin } = await startServer();
  const [ann, bob] = [await connect(origin), await connect(origin)];
  await ann.ask("room:join", { roomId });
  const { id: messageId } = await ann.send(roomId, "hello");
  const codes = async (roomId: string) => {
    const after = { epoch: "e", seq: 0 };
    const id = uuidv7();
    const asked = [
      bob.ask("message:send", { roomId, id, text: "x" }),
      bob.ask("message:edit", { roomId, id, messageId, text: "x" }),
      bob.ask("message:delete", { roomId, id, messageId }),
      bob.ask("reaction:add", { roomId, id, messageId, emoji: "👍" }),
      bob.ask("reaction:remove", { roomId, id, messageId, emoji: "👍" }),
      bob.ask("room:write", { roomId, writes: [{ name: "message:send", input: { roomId, id, text: "x" } }] }),
      bob.ask("room:leave", { roomId }),
      bob.ask("room:sync", { roomId, after }),
      bob.ask("history:read", { roomId }),
      bob.ask("message:read", { roomId, messageIds: [messageId] }),
      bob.ask("receipt:move", { roomId, seq: 1 }),
      bob.ask("typing:set", { roomId, isTyping: true }),
    ];
    return Promise.all(asked.map(async (reply) => (await refusalOf(reply)).code));
  };
  expect(new Set(await codes(roomId))).toEqual(new Set(["forbidden"]));
  expect(await codes("nowhere")).toEqual(await codes(roomId));
});

it("tells nothing of a room after it was left", async () => {
  const { origin } = await startServer();
  const [ann, bob] = [await connect(origin), await connect(origin)];
  for (const client of [ann, bob]) await client.ask("room:join", { roomId });
  await bob.ask("room:leave", { roomId });
  await ann.send(roomId, "gone?");
  await ann.hears("presence:changed", ({ count }) => count === 1);
  expect(bob.events(roomId)).toEqual([]);
  expect(await refusalOf(bob.ask("history:read", { roomId }))).toMatchObject({ code: "forbidden" });
});

it("limits how many rooms a connection has open", async () => {
  const { origin } = await startServer({ limits: { roomsPerConnection: 2 } });
  const ann = await connect(origin);
  for (const name of ["a", "b", "a"]) await ann.ask("room:join", { roomId: name });
  expect(await refusalOf(ann.ask("room:join", { roomId: "c" }))).toMatchObject({ code: "too-large" });
  await ann.ask("room:leave", { roomId: "a" });
  await ann.ask("room:join", { roomId: "c" });
});

it("asks the application who may do what, and its answer goes before the default", async () => {
  const { origin } = await startServer({
    authorize: ({ user, roomId, command, message }) => {
      if (roomId === "secret") return false;
      if (command === "message:send") return user.name === "Ann";
      if (command === "message:edit" && message !== undefined) return true;
      return undefined;
    },
  });
  const [ann, bob] = [await connect(origin, { guestName: "Ann" }), await connect(origin, { guestName: "Bob" })];
  expect(await refusalOf(ann.ask("room:join", { roomId: "secret" }))).toMatchObject({ code: "forbidden" });
  expect((await ann.ask("room:join", { roomId })).permissions).toContain("send");
  expect((await bob.ask("room:join", { roomId })).permissions).not.toContain("send");
  const { id: messageId } = await ann.send(roomId, "hello");
  expect(await refusalOf(bob.send(roomId, "hello"))).toMatchObject({ code: "forbidden" });
  await bob.ask("message:edit", { roomId, id: uuidv7(), messageId, text: "mended" });
});

it("refuses when the application's rules fail, and says so in the log only", async () => {
  const { origin, log } = await startServer({
    authorize: () => {
      throw new Error("the database of rules is down");
    },
  });
  const ann = await connect(origin);
  const refusal = await refusalOf(ann.ask("room:join", { roomId }));
  expect(refusal).toMatchObject({ code: "unavailable", retry: "same" });
  expect(JSON.stringify(refusal)).not.toContain("database");
  expect(log.lines).toMatchObject([{ level: "error", fields: { err: { message: "the database of rules is down" } } }]);
});
