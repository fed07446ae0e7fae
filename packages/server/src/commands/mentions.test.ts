import { expect, it } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { connect, refusalOf } from "../../test/test-client.js";
import { startServer } from "../../test/test-server.js";
import { memoryStore } from "../stores/memory-store.js";

const roomId = "lobby";

async function joined(options?: Parameters<typeof startServer>[0]) {
  const server = await startServer(options);
  const ann = await connect(server.origin);
  await ann.ask("room:join", { roomId });
  const read = async (messageId: string) => (await ann.ask("message:read", { roomId, messageIds: [messageId] })).messages[0];
  return { ...server, ann, read };
}

it("keeps whom a message mentions, and whom its edit does", async () => {
  const { ann, read } = await joined();
  const id = uuidv7();
  expect(await ann.ask("message:send", { roomId, id, text: "@Bob, look", mentions: ["bob"] })).toMatchObject({ event: { mentions: ["bob"] } });
  expect(await read(id)).toMatchObject({ mentions: ["bob"] });
  await ann.ask("message:edit", { roomId, id: uuidv7(), messageId: id, text: "@Cleo, @Bob, look", mentions: ["cleo", "bob"] });
  expect(await read(id)).toMatchObject({ mentions: ["cleo", "bob"] });
  await ann.ask("message:edit", { roomId, id: uuidv7(), messageId: id, text: "look" });
  expect(await read(id)).not.toHaveProperty("mentions");
});

it("takes the mentions of a deleted message out of the log as well", async () => {
  const store = memoryStore();
  const { ann, read } = await joined({ store });
  const id = uuidv7();
  await ann.ask("message:send", { roomId, id, text: "@Bob", mentions: ["bob"] });
  await ann.ask("message:edit", { roomId, id: uuidv7(), messageId: id, text: "@Cleo", mentions: ["cleo"] });
  await ann.ask("message:delete", { roomId, id: uuidv7(), messageId: id });
  expect(await read(id)).not.toHaveProperty("mentions");
  expect(JSON.stringify(await store.eventsAfter(roomId, 0, 10))).not.toMatch(/bob|cleo/);
  const newcomer = await ann.ask("room:join", { roomId });
  expect(JSON.stringify(newcomer.catchUp)).not.toMatch(/bob|cleo/);
});

it("refuses a used id for the same text with other mentions", async () => {
  const { ann } = await joined();
  const id = uuidv7();
  await ann.ask("message:send", { roomId, id, text: "hello", mentions: ["bob"] });
  expect(await ann.ask("message:send", { roomId, id, text: "hello", mentions: ["bob"] })).toMatchObject({ event: { seq: 1 } });
  expect(await refusalOf(ann.ask("message:send", { roomId, id, text: "hello", mentions: ["cleo"] }))).toMatchObject({ code: "conflict" });
});

it("lets the application mention users", async () => {
  const { chat } = await joined();
  const room = chat.room(roomId);
  const message = await room.send({ author: { id: "bot", name: "Bot" }, text: "@Ann", mentions: ["ann"] });
  expect(message).toMatchObject({ mentions: ["ann"] });
  expect(await room.edit(message.id, { by: "bot", text: "@Bob", mentions: ["bob"] })).toMatchObject({ mentions: ["bob"] });
  expect(await refusalOf(room.send({ author: { id: "bot", name: "Bot" }, text: "all", mentions: Array.from({ length: 51 }, (_, n) => `${n}`) }))).toMatchObject({ code: "invalid" });
});
