import { expect, it } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { startKnownUsers } from "../../test/known-users.js";
import { type TestClient, refusalOf } from "../../test/test-client.js";
import { memoryStore } from "../stores/memory-store.js";

const roomId = "lobby";
const edit = (client: TestClient, messageId: string, text: string, mentions?: string[]) => client.ask("message:edit", { roomId, id: uuidv7(), messageId, text, ...(mentions && { mentions }) });
const versions = async (client: TestClient, messageId: string) => (await client.ask("message:history", { roomId, messageId })).versions;

it("shows what a message said to its author and to moderators, and to nobody else", async () => {
  const { enter, chat } = await startKnownUsers();
  const [ann, bob, mona] = [await enter("ann"), await enter("bob"), await enter("mona")];
  expect([ann.permissions.includes("read-history"), mona.permissions.includes("read-history")]).toEqual([false, true]);
  const { id } = await ann.send(roomId, "one");
  await edit(ann, id, "two", ["bob"]);
  await bob.ask("reaction:add", { roomId, id: uuidv7(), messageId: id, emoji: "👍" });
  await edit(ann, id, "three");
  const expected = [
    { seq: 1, at: expect.any(Number), by: "ann", text: "one" },
    { seq: 2, at: expect.any(Number), by: "ann", text: "two", mentions: ["bob"] },
    { seq: 4, at: expect.any(Number), by: "ann", text: "three" },
  ];
  expect(await versions(ann, id)).toEqual(expected);
  expect(await versions(mona, id)).toEqual(expected);
  expect(await chat.room(roomId).versions(id)).toEqual(expected);
  expect(await refusalOf(versions(bob, id))).toMatchObject({ code: "forbidden" });
  expect(await refusalOf(versions(mona, uuidv7()))).toMatchObject({ code: "not-found" });
});

it("asks the application's rules, with the message", async () => {
  const { enter } = await startKnownUsers({ authorize: ({ command, user, message }) => (command === "message:history" && message !== undefined ? user.id === "bob" : undefined) });
  const [ann, bob] = [await enter("ann"), await enter("bob")];
  const { id } = await ann.send(roomId, "one");
  expect(await versions(bob, id)).toHaveLength(1);
  expect(await refusalOf(versions(ann, id))).toMatchObject({ code: "forbidden" });
});

it("shows nothing of a deleted message, and keeps nothing of its edits", async () => {
  const store = memoryStore();
  const { enter } = await startKnownUsers({ store });
  const mona = await enter("mona");
  const { id } = await mona.send(roomId, "secret");
  await edit(mona, id, "secret too");
  await mona.ask("message:delete", { roomId, id: uuidv7(), messageId: id });
  expect(await versions(mona, id)).toEqual([]);
  expect(await store.records("edits", { limit: 10 })).toEqual([]);
});

it("shows the first text and the last fifty edits", async () => {
  const { chat } = await startKnownUsers();
  const room = chat.room(roomId);
  const { id } = await room.send({ author: { id: "bot", name: "Bot" }, text: "0" });
  for (let n = 1; n <= 60; n += 1) await room.edit(id, { by: "bot", text: `${n}` });
  expect((await room.versions(id)).map(({ text }) => text)).toEqual(["0", ...Array.from({ length: 50 }, (_, n) => `${n + 11}`)]);
});
