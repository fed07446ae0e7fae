import { expect, it } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { type TestClient, connect, refusalOf } from "../../test/test-client.js";
import { startKnownUsers } from "../../test/known-users.js";
import { startServer } from "../../test/test-server.js";

const roomId = "lobby";
const bot = { id: "bot", name: "Bot" };

async function joined() {
  const server = await startServer();
  const [ann, bob] = [await connect(server.origin), await connect(server.origin)];
  for (const client of [ann, bob]) await client.ask("room:join", { roomId });
  return { ...server, ann, bob };
}

const reply = (client: TestClient, threadId: string, text: string, more: object = {}) => client.ask("message:send", { roomId, id: uuidv7(), text, threadId, ...more });
const rootOf = async (client: TestClient, id: string) => (await client.ask("message:read", { roomId, messageIds: [id] })).messages[0];
const textsOf = (messages: readonly { text: string }[]) => messages.map(({ text }) => text);

it("tells everyone a reply, leaves it out of the room's history, and reads it in its thread", async () => {
  const { origin, ann, bob } = await joined();
  const root = await ann.send(roomId, "root");
  await reply(bob, root.id, "one");
  await reply(ann, root.id, "two", { alsoInRoom: true });
  await ann.send(roomId, "after");
  await bob.hears("room:events", ({ events }) => events.some(({ seq }) => seq === 4));
  expect(bob.events(roomId)).toMatchObject([{ text: "root" }, { text: "one", threadId: root.id }, { text: "two", alsoInRoom: true }, { text: "after" }]);
  expect(textsOf((await ann.ask("history:read", { roomId })).messages)).toEqual(["root", "two", "after"]);
  expect(textsOf((await ann.ask("history:read", { roomId, threadId: root.id, around: 3, limit: 1 })).messages)).toEqual(["two"]);
  expect(await ann.ask("history:read", { roomId, threadId: root.id, before: 3 })).toMatchObject({ asOf: 4, messages: [{ text: "one" }], hasOlder: false, hasNewer: true });
  const cleo = await connect(origin);
  const { catchUp } = await cleo.ask("room:join", { roomId });
  expect(catchUp).toMatchObject({ kind: "snapshot", head: 4, messages: [{ text: "root", thread: { count: 2, lastSeq: 3 } }, { text: "two" }, { text: "after" }] });
});

it("counts at the root, for who is there and who comes, whatever is deleted and however often it is asked", async () => {
  const { origin, ann, bob } = await joined();
  // The page that newcomers are given is in memory from here on, and follows the log.
  const first = await connect(origin);
  const root = await ann.send(roomId, "root");
  await first.ask("room:join", { roomId });
  const ids = [uuidv7(), uuidv7(), uuidv7()];
  for (const id of [...ids, ...ids]) await ann.ask("message:send", { roomId, id, text: "reply", threadId: root.id });
  const [one = "", two = ""] = ids;
  const deletion = uuidv7();
  expect(await ann.ask("message:delete", { roomId, id: deletion, messageId: one })).toMatchObject({ event: { threadId: root.id } });
  for (const id of [deletion, uuidv7()]) expect(await ann.ask("message:delete", { roomId, id, messageId: one })).toEqual({});
  await ann.ask("message:edit", { roomId, id: uuidv7(), messageId: two, text: "changed" });
  const thread = { count: 2, lastSeq: 4 };
  expect(await rootOf(bob, root.id)).toMatchObject({ thread, rev: 5 });
  const late = await connect(origin);
  const { catchUp } = await late.ask("room:join", { roomId });
  expect(catchUp).toMatchObject({ messages: [{ id: root.id, rev: 5, thread }], hasOlder: false });
});

it("takes no reply below what is not there, is deleted, is in a thread or in another room", async () => {
  const { ann, chat } = await joined();
  const root = await ann.send(roomId, "root");
  const { event } = await reply(ann, root.id, "one");
  const elsewhere = await chat.room("other").send({ author: bot, text: "there" });
  expect(await refusalOf(reply(ann, event?.id ?? "", "deeper"))).toMatchObject({ code: "conflict" });
  for (const id of [uuidv7(), elsewhere.id]) expect(await refusalOf(reply(ann, id, "nowhere"))).toMatchObject({ code: "not-found" });
  expect(await refusalOf(ann.ask("message:send", { roomId, id: uuidv7(), text: "both", alsoInRoom: true }))).toMatchObject({ code: "conflict" });
  await ann.ask("message:delete", { roomId, id: uuidv7(), messageId: root.id });
  expect(await refusalOf(reply(ann, root.id, "too late"))).toMatchObject({ code: "conflict" });
  expect(await rootOf(ann, root.id)).toMatchObject({ text: "", thread: { count: 1 } });
});

it("takes a root and its replies in one batch", async () => {
  const { ann } = await joined();
  const threadId = uuidv7();
  const send = (text: string, more: object = {}) => ({ name: "message:send", input: { roomId, id: uuidv7(), text, ...more } }) as const;
  const { results } = await ann.ask("room:write", { roomId, writes: [{ name: "message:send", input: { roomId, id: threadId, text: "root" } }, send("one", { threadId }), send("plain"), send("two", { threadId })] });
  expect(results.map(({ ok }) => ok)).toEqual([true, true, true, true]);
  expect(await rootOf(ann, threadId)).toMatchObject({ thread: { count: 2, lastSeq: 4 } });
});

it("lets the application write to a thread and read it", async () => {
  const { chat } = await joined();
  const room = chat.room(roomId);
  const root = await room.send({ author: bot, text: "root" });
  expect(await room.send({ author: bot, text: "one", threadId: root.id })).toMatchObject({ threadId: root.id });
  expect(textsOf((await room.messages({ threadId: root.id })).messages)).toEqual(["one"]);
  expect(textsOf((await room.messages()).messages)).toEqual(["root"]);
  expect(await room.message(root.id)).toMatchObject({ thread: { count: 1 } });
});

it("keeps how far a user has read a thread, for their devices and nobody else", async () => {
  const { enter, chat } = await startKnownUsers();
  const [ann, bob] = [await enter("ann"), await enter("bob")];
  const root = await chat.room(roomId).send({ author: bot, text: "root" });
  const mark = (client: TestClient, seq: number, threadId = root.id) => client.ask("thread:mark", { roomId, threadId, seq });
  const positions = async (client: TestClient) => (await client.ask("thread:positions", { roomId, threadIds: [root.id, uuidv7()] })).positions;
  await mark(ann, 1);
  expect(await positions(ann)).toEqual([]);
  for (let n = 0; n < 3; n += 1) await reply(bob, root.id, `${n}`);
  await Promise.all([mark(ann, 2), mark(await enter("ann"), 3), mark(ann, 2)]);
  expect(await positions(await enter("ann"))).toEqual([{ threadId: root.id, seq: 3 }]);
  await mark(ann, 1_000);
  expect(await positions(ann)).toEqual([{ threadId: root.id, seq: 4 }]);
  expect(await positions(bob)).toEqual([]);
  expect(await refusalOf(mark(ann, 3, uuidv7()))).toMatchObject({ code: "not-found" });
  const elsewhere = await connect(new URL((await startServer()).origin).origin);
  expect(await refusalOf(elsewhere.ask("thread:positions", { roomId, threadIds: [root.id] }))).toMatchObject({ code: "forbidden" });
});
