import { expect, it } from "vitest";
import { startKnownUsers, until } from "./known-users.js";

it("passes structured data and system notices through to the snapshot", async () => {
  const { chat, clientOf } = await startKnownUsers({ messageTypes: { "order.card": { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } } } });
  const room = clientOf("ann").room("lobby");
  const data = { type: "order.card", value: { id: 7 } };
  const sending = room.send({ text: "Order 7", data });
  expect(room.getSnapshot().messages).toMatchObject([{ data, delivery: { state: "pending" } }]);
  await sending;
  await chat.room("lobby").send({ kind: "system", text: "Bob joined" });
  const { messages } = await until(room, (snapshot) => snapshot.messages.length === 2);
  expect(messages).toMatchObject([{ text: "Order 7", data }, { kind: "system", text: "Bob joined" }]);
  await expect(room.send({ text: "other", data: { type: "unknown", value: {} } })).rejects.toMatchObject({ code: "forbidden" });
});

it("reads what a message said, and shows why it was deleted", async () => {
  const { clientOf } = await startKnownUsers();
  const [ann, mona] = [clientOf("ann").room("lobby"), clientOf("mona").room("lobby")];
  const { id } = await ann.send({ text: "one" });
  await ann.edit(id, "two");
  expect((await ann.versions(id)).map(({ text }) => text)).toEqual(["one", "two"]);
  await until(mona, ({ messages: [first] }) => first?.text === "two");
  const deletion = mona.delete(id, "Advertising");
  expect(mona.getSnapshot().messages).toMatchObject([{ text: "", deletionReason: "Advertising" }]);
  await deletion;
  await until(ann, ({ messages: [first] }) => first?.deletionReason === "Advertising");
  expect(await ann.versions(id)).toEqual([]);
});

it("counts what is unread in a thread, for all devices of a user", async () => {
  const { clientOf } = await startKnownUsers();
  const [bob, ann] = [clientOf("bob").room("lobby"), clientOf("ann").room("lobby")];
  const root = await bob.send({ text: "root" });
  for (const text of ["one", "two"]) await bob.send({ text, threadId: root.id });
  const thread = await ann.thread(root.id);
  const { messages } = await until(thread, ({ unreadCount }) => unreadCount === 2);
  expect(thread.getSnapshot().firstUnreadId).toBe(messages[0]?.id);
  thread.markRead();
  expect(thread.getSnapshot().unreadCount).toBe(0);
  thread.release();
  await bob.send({ text: "three", threadId: root.id });
  const phone = await clientOf("ann").room("lobby").thread(root.id);
  await until(phone, ({ unreadCount, phase }) => phase === "ready" && unreadCount === 1);
  await phone.send({ text: "four" });
  const bobs = await bob.thread(root.id);
  expect((await until(bobs, ({ messages: shown }) => shown.length === 4)).unreadCount).toBe(1);
});
