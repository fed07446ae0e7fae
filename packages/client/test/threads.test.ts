import { expect, it } from "vitest";
import type { Room, RoomSnapshot, Thread, ThreadSnapshot } from "@chat-widget/client";
import { startKnownUsers, until } from "./known-users.js";

const texts = (view: Pick<Room, "getSnapshot"> | Pick<Thread, "getSnapshot">) => view.getSnapshot().messages.map(({ text }) => text);
/** Waits until a view shows these texts, all of them confirmed. */
const shows = (view: Pick<Room | Thread, "getSnapshot" | "subscribe">, expected: string[]) =>
  until<RoomSnapshot | ThreadSnapshot>(view, ({ messages }) => messages.map(({ text }) => text).join() === expected.join() && messages.every(({ delivery }) => delivery.state === "sent"));

it("keeps replies out of the room, counts them at the root, and shows them in the thread", async () => {
  const { clientOf } = await startKnownUsers();
  const [ann, bob] = [clientOf("ann").room("lobby"), clientOf("bob").room("lobby")];
  const root = await ann.send({ text: "root" });
  await shows(bob, ["root"]);
  const [annThread, bobThread] = [await ann.thread(root.id), await bob.thread(root.id)];
  expect(annThread.getSnapshot()).toMatchObject({ phase: "loading", root: undefined, messages: [] });
  await until(annThread, ({ phase }) => phase === "ready");
  const sending = annThread.send({ text: "one" });
  expect([texts(annThread), texts(ann)]).toEqual([["one"], ["root"]]);
  const one = await sending;
  expect(one).toMatchObject({ threadId: root.id, seq: 2 });
  await bobThread.send({ text: "two", alsoInRoom: true, replyTo: one.id });
  for (const thread of [annThread, bobThread]) {
    await shows(thread, ["one", "two"]);
    expect(thread.getSnapshot()).toMatchObject({ root: { text: "root", thread: { count: 2, lastSeq: 3 } }, hasOlder: false });
    expect(thread.getSnapshot().messages[1]?.quote).toMatchObject({ text: "one" });
  }
  for (const room of [ann, bob, clientOf("cleo").room("lobby")]) {
    await shows(room, ["root", "two"]);
    expect(room.getSnapshot().messages[0]?.thread).toMatchObject({ count: 2 });
  }
  await ann.delete(one.id);
  for (const thread of [annThread, bobThread]) await until(thread, (snapshot) => snapshot.root?.thread?.count === 1 && snapshot.messages[0]?.deletedAt !== undefined);
  await until(bob, ({ messages: [first] }) => first?.thread?.count === 1);
  await bob.react(root.id, "👍", true);
  await until(annThread, (snapshot) => snapshot.root?.reactions.length === 1);
});

it("takes a message straight into a thread, and its edits and reactions at once", async () => {
  const { clientOf } = await startKnownUsers();
  const room = clientOf("ann").room("lobby");
  const root = await room.send({ text: "root" });
  const reply = await room.send({ text: "reply", threadId: root.id });
  const thread = await room.thread(root.id);
  await shows(thread, ["reply"]);
  const asked = [room.edit(reply.id, "changed"), room.react(root.id, "🎉", true)];
  expect(thread.getSnapshot()).toMatchObject({ messages: [{ text: "changed" }], root: { reactions: [{ emoji: "🎉" }] } });
  await Promise.all(asked);
  await expect(room.send({ text: "deeper", threadId: reply.id })).rejects.toMatchObject({ code: "conflict" });
  await expect(room.send({ text: "no thread", alsoInRoom: true })).rejects.toMatchObject({ code: "conflict" });
});

it("loads older replies page by page, with what happens meanwhile", async () => {
  const { chat, clientOf } = await startKnownUsers();
  const author = { id: "bot", name: "Bot" };
  const root = await chat.room("lobby").send({ author, text: "root" });
  for (let n = 1; n <= 120; n++) await chat.room("lobby").send({ author, text: `${n}`, threadId: root.id });
  const room = clientOf("ann").room("lobby");
  const thread = await room.thread(root.id);
  const { messages } = await until(thread, ({ phase }) => phase === "ready");
  expect(messages).toHaveLength(50);
  const loading = thread.loadOlder();
  await chat.room("lobby").send({ author, text: "121", threadId: root.id });
  await loading;
  await thread.loadOlder();
  await shows(thread, Array.from({ length: 121 }, (_, n) => `${n + 1}`));
  expect(thread.getSnapshot()).toMatchObject({ hasOlder: false, root: { thread: { count: 121 } } });
  expect(texts(room)).toEqual(["root"]);
});

it("fails for a message that is not there, and goes on elsewhere", async () => {
  const { clientOf } = await startKnownUsers();
  const room = clientOf("ann").room("lobby");
  const thread = await room.thread("019b76da-abe8-7000-8000-000000000001");
  expect((await until(thread, ({ phase }) => phase === "failed")).error).toMatchObject({ code: "not-found" });
  await room.send({ text: "here" });
});

it("is whole again after the connection was lost, also when the way was too long to replay", async () => {
  const { chat, clientOf, cut } = await startKnownUsers();
  const author = { id: "bot", name: "Bot" };
  const root = await chat.room("lobby").send({ author, text: "root" });
  const room = clientOf("ann").room("lobby");
  const thread = await room.thread(root.id);
  await until(thread, ({ phase }) => phase === "ready");
  for (const many of [3, 1_010]) {
    const back = cut();
    const before = texts(thread).length;
    await Promise.all(Array.from({ length: many }, (_, n) => chat.room("lobby").send({ author, text: `${before + n}`, threadId: root.id })));
    back();
    await until(thread, (snapshot) => snapshot.root?.thread?.count === before + many && snapshot.messages.length > 0 && snapshot.messages.at(-1)?.seq === snapshot.root.thread.lastSeq);
  }
});

it("changes no more once it is released", async () => {
  const { clientOf } = await startKnownUsers();
  const room = clientOf("ann").room("lobby");
  const root = await room.send({ text: "root" });
  const thread = await room.thread(root.id);
  await until(thread, ({ phase }) => phase === "ready");
  thread.release();
  await room.send({ text: "reply", threadId: root.id });
  await until(room, ({ messages: [first] }) => first?.thread?.count === 1);
  expect(texts(thread)).toEqual([]);
});
