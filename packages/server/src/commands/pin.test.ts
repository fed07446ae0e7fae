import { expect, it } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { type TestClient, connect, refusalOf } from "../../test/test-client.js";
import { startServer } from "../../test/test-server.js";
import { memoryStore } from "../stores/memory-store.js";

const roomId = "lobby";
const bot = { id: "bot", name: "Bot" };

async function joined(options: Parameters<typeof startServer>[0] = {}) {
  const server = await startServer({ authenticate: ({ token = "" }) => ({ id: token, name: token, roles: [token.startsWith("mona") ? "moderator" : "member"] }), ...options });
  const enter = async (token: string) => {
    const client = await connect(server.origin, { token });
    const { permissions } = await client.ask("room:join", { roomId });
    return Object.assign(client, { permissions });
  };
  return { ...server, enter };
}

const pin = (client: TestClient, messageId: string, id = uuidv7()) => client.ask("message:pin", { roomId, id, messageId });
const unpin = (client: TestClient, messageId: string) => client.ask("message:unpin", { roomId, id: uuidv7(), messageId });
const pinnedFor = async (client: TestClient) => (await client.ask("pins:read", { roomId })).messages.map(({ text }) => text);

it("lets moderators pin, everybody read, and takes nothing twice", async () => {
  const { enter } = await joined();
  const [ann, mona] = [await enter("ann"), await enter("mona")];
  expect([ann.permissions.includes("pin"), mona.permissions.includes("pin")]).toEqual([false, true]);
  const [one, two] = [await ann.send(roomId, "one"), await ann.send(roomId, "two")];
  expect(await refusalOf(pin(ann, one.id))).toMatchObject({ code: "forbidden" });
  expect(await pin(mona, one.id)).toMatchObject({ event: { type: "message.pinned", by: "mona", messageId: one.id } });
  expect(await pin(mona, one.id)).toEqual({});
  await pin(mona, two.id);
  expect(await pinnedFor(ann)).toEqual(["two", "one"]);
  await ann.hears("room:events", ({ events }) => events.some(({ seq }) => seq === 4));
  expect(ann.events(roomId).map(({ type }) => type)).toEqual(["message.sent", "message.sent", "message.pinned", "message.pinned"]);
  expect((await ann.ask("history:read", { roomId })).messages).toMatchObject([{ pinnedBy: "mona", pinnedAt: expect.any(Number) }, { pinnedBy: "mona" }]);
  expect(await refusalOf(unpin(ann, one.id))).toMatchObject({ code: "forbidden" });
  expect(await unpin(mona, one.id)).toMatchObject({ event: { type: "message.unpinned" } });
  expect(await unpin(mona, one.id)).toEqual({});
  expect(await pinnedFor(ann)).toEqual(["two"]);
});

it("pins nothing that is deleted or not there, and forgets what is deleted later", async () => {
  const { enter } = await joined();
  const mona = await enter("mona");
  const [kept, gone] = [await mona.send(roomId, "kept"), await mona.send(roomId, "gone")];
  for (const { id } of [kept, gone]) await pin(mona, id);
  await mona.ask("message:delete", { roomId, id: uuidv7(), messageId: gone.id });
  expect(await pinnedFor(mona)).toEqual(["kept"]);
  expect(await refusalOf(pin(mona, gone.id))).toMatchObject({ code: "conflict" });
  expect(await refusalOf(pin(mona, uuidv7()))).toMatchObject({ code: "not-found" });
});

it("pins no more than fifty, also when they are asked at once by several", async () => {
  const { enter, chat } = await joined();
  const monas = [await enter("mona 1"), await enter("mona 2"), await enter("mona 3")];
  const messages = await Promise.all(Array.from({ length: 54 }, (_, n) => chat.room(roomId).send({ author: bot, text: `${n}` })));
  for (const { id } of messages.slice(0, 49)) await chat.room(roomId).pin(id, { by: "bot" });
  const outcomes = await Promise.all(monas.map((mona, n) => pin(mona, messages[50 + n]?.id ?? "").then(() => "pinned", (error: { code: string }) => error.code)));
  expect(outcomes.toSorted()).toEqual(["pinned", "too-large", "too-large"]);
  expect(await chat.room(roomId).pinned()).toHaveLength(50);
  await chat.room(roomId).unpin(messages[0]?.id ?? "", { by: "bot" });
  expect(await chat.room(roomId).pin(messages[53]?.id ?? "", { by: "bot" })).toMatchObject({ pinnedBy: "bot" });
});

it("answers a pin that was done before, and clears away what is left of a forgotten one", async () => {
  const store = memoryStore();
  const { enter, chat } = await joined({ store });
  const mona = await enter("mona");
  const message = await mona.send(roomId, "old");
  const id = uuidv7();
  await pin(mona, message.id, id);
  await chat.room(roomId).delete(message.id, { by: "bot" });
  expect(await pin(mona, message.id, id)).toMatchObject({ event: { type: "message.pinned", id } });
  await store.writeRecords([{ collection: "pins", key: `${roomId}\u001F${uuidv7()}`, value: {} }]);
  expect(await pinnedFor(mona)).toEqual([]);
  expect(await store.records("pins", { limit: 10 })).toEqual([]);
});
