import { expect, it, vi } from "vitest";
import { v7 as uuidv7 } from "uuid";
import * as z from "zod";
import { startKnownUsers } from "../../test/known-users.js";
import { type TestClient, refusalOf } from "../../test/test-client.js";
import { memoryStore } from "../stores/memory-store.js";

const roomId = "lobby";
const send = (client: TestClient, data: unknown, id = uuidv7()) => client.askAnything("message:send", { roomId, id, text: "Order 7", data });
const card = (value: unknown) => ({ type: "order.card", value });

it("takes from users the types the application named, as its validators say, and no others", async () => {
  const validate = vi.fn<(value: unknown) => void>();
  const { enter } = await startKnownUsers({
    messageTypes: {
      "order.card": z.strictObject({ id: z.int(), label: z.string().trim().optional() }),
      slow: { "~standard": { version: 1, vendor: "test", validate: async (value: unknown) => (validate(value), { value }) } },
    },
  });
  const [ann, bob] = [await enter("ann"), await enter("bob")];
  expect(await send(ann, card({ id: 7, label: " now " }))).toMatchObject({ event: { data: card({ id: 7, label: "now" }) } });
  await bob.hears("room:events");
  expect(bob.events(roomId)).toMatchObject([{ text: "Order 7", data: card({ id: 7, label: "now" }) }]);
  expect(await refusalOf(send(ann, card({ id: "7" })))).toMatchObject({ code: "refused", details: { issues: ["id"] } });
  for (const type of ["order.list", "constructor", "__proto__", "toString"]) expect(await refusalOf(send(ann, { type, value: {} }))).toMatchObject({ code: "forbidden" });
  let deep: object = {};
  for (let level = 0; level < 9; level += 1) deep = { deep };
  for (const value of [deep, { text: "x".repeat(8_192) }]) expect(await refusalOf(send(ann, { type: "slow", value }))).toMatchObject({ code: "too-large" });
  for (const value of [[], "text", null]) expect(await refusalOf(send(ann, { type: "slow", value }))).toMatchObject({ code: "invalid" });
  expect(validate).not.toHaveBeenCalled();
  expect(await send(ann, { type: "slow", value: { a: [1] } })).toMatchObject({ event: { data: { value: { a: [1] } } } });
});

it("does not store what a validator makes too large, or cannot tell about", async () => {
  const standard = (validate: (value: unknown) => { value: unknown }) => ({ "~standard": { version: 1 as const, vendor: "test", validate } });
  const { enter } = await startKnownUsers({
    messageTypes: {
      large: standard(() => ({ value: { text: "x".repeat(9_000) } })),
      broken: standard(() => {
        throw new Error("broken");
      }),
    },
  });
  const ann = await enter("ann");
  expect(await refusalOf(send(ann, { type: "large", value: {} }))).toMatchObject({ code: "too-large" });
  expect(await refusalOf(send(ann, { type: "broken", value: {} }))).toMatchObject({ code: "unavailable" });
  expect((await ann.ask("history:read", { roomId })).messages).toEqual([]);
});

it("takes none from users where none are named, and any from the application", async () => {
  const { enter, chat } = await startKnownUsers();
  const ann = await enter("ann");
  expect(await refusalOf(send(ann, card({ id: 7 })))).toMatchObject({ code: "forbidden" });
  const author = { id: "shop", name: "Shop" };
  expect(await chat.room(roomId).send({ author, text: "Order 7", data: card({ id: 7 }) as { type: string; value: Record<string, unknown> } })).toMatchObject({ data: card({ id: 7 }) });
  expect(await refusalOf(chat.room(roomId).send({ author, text: "Order 7", data: { type: "order.card", value: { text: "x".repeat(9_000) } } }))).toMatchObject({ code: "too-large" });
});

it("keeps the data when the text is edited, and takes it out of the log when the message is deleted", async () => {
  const store = memoryStore();
  const { chat } = await startKnownUsers({ store });
  const room = chat.room(roomId);
  const { id } = await room.send({ author: { id: "shop", name: "Shop" }, text: "Order 7", data: { type: "order.card", value: { secret: 7 } } });
  expect(await room.edit(id, { by: "shop", text: "Order 7, sent" })).toMatchObject({ data: { value: { secret: 7 } } });
  expect(await room.delete(id, { by: "shop" })).not.toHaveProperty("data");
  expect(JSON.stringify([await store.eventsAfter(roomId, 0, 10), await room.messages()])).not.toContain("secret");
});

it("sends notices of the application, which no user can", async () => {
  const { enter, chat } = await startKnownUsers();
  const ann = await enter("ann");
  expect(await chat.room(roomId).send({ kind: "system", text: "Bob joined the team" })).toMatchObject({ kind: "system", author: { id: "system", name: "System" } });
  expect(await chat.room(roomId).send({ kind: "system", author: { id: "shop", name: "Shop" }, text: "Open again" })).toMatchObject({ kind: "system", author: { id: "shop" } });
  expect((await ann.ask("history:read", { roomId })).messages).toMatchObject([{ kind: "system" }, { kind: "system" }]);
  expect(await refusalOf(ann.askAnything("message:send", { roomId, id: uuidv7(), text: "I am the system", kind: "system" }))).toMatchObject({ code: "invalid" });
  expect(await refusalOf(chat.room(roomId).send({ text: "from nobody" }))).toMatchObject({ code: "invalid" });
});
