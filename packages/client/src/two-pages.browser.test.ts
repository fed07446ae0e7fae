import { type RoomEvent, defaultRoomSettings } from "@chat-widget/protocol";
import { expect, it, onTestFinished } from "vitest";
import { ScriptedTransport } from "../test/scripted-transport.js";
import { createChatClient } from "./chat-client.js";
import { indexedDbStorage } from "./storage/indexed-db.js";

const joined = { catchUp: { kind: "snapshot", epoch: "e1", head: 0, reason: "first", messages: [], hasOlder: false }, receipts: [], presence: { count: 1, users: [] }, permissions: ["read", "send"], settings: defaultRoomSettings };

/** One page of a browser: a client of its own over the storage they share. */
async function open(database: string) {
  const transport = new ScriptedTransport();
  const client = createChatClient({ url: "/chat", transport, storage: indexedDbStorage(database), random: () => 0 });
  onTestFinished(() => client.close());
  const room = client.room("lobby");
  await expect.poll(() => transport.links.length).toBe(1);
  transport.link.welcome();
  const join = async () => {
    await expect.poll(() => transport.link.count("room:join")).toBeGreaterThan(0);
    transport.link.last("room:join").answer(joined);
  };
  const writes = () => transport.link.asked.filter(({ name }) => name === "room:write").map(({ input }) => (input as { writes: { input: { id: string; text: string } }[] }).writes.map(({ input }) => input));
  const lines = () => room.getSnapshot().messages.map(({ text, delivery }) => [text, delivery.state]);
  return { client, room, transport, join, writes, lines };
}

it("what one page could not send before it was closed, the other sends, over IndexedDB and BroadcastChannel", async () => {
  const database = `chat-widget ${Math.random()}`;
  const [first, second] = [await open(database), await open(database)];
  await second.join();
  void first.room.send({ text: "orphan" });
  const [line] = first.room.getSnapshot().messages;
  await expect.poll(second.writes).toMatchObject([[{ id: line?.id, text: "orphan" }]]);
  await first.client.close();
  const event: RoomEvent = { type: "message.sent", id: line?.id ?? "", seq: 1, at: 1, author: { id: "ann", name: "Ann" }, text: "orphan" };
  second.transport.link.last("room:write").answer({ results: [{ ok: true, data: { event } }] });
  await expect.poll(second.lines).toEqual([["orphan", "sent"]]);
  await expect.poll(() => indexedDbStorage(database).list("outbox ")).toEqual([]);
});

it("what fails on one page shows on both, and discarding it there discards it here", async () => {
  const database = `chat-widget ${Math.random()}`;
  const [first, second] = [await open(database), await open(database)];
  await Promise.all([first.join(), second.join()]);
  void first.room.send({ text: "refused" });
  await expect.poll(() => first.writes().length).toBe(1);
  first.transport.link.last("room:write").answer({ results: [{ ok: false, error: { code: "forbidden", message: "unable to", retry: "no" } }] });
  await expect.poll(second.lines).toEqual([["refused", "failed"]]);
  const [line] = second.room.getSnapshot().messages;
  if (line?.delivery.state === "failed") second.room.discard(line.delivery.commandId);
  await expect.poll(first.lines).toEqual([]);
  expect(await indexedDbStorage(database).list("outbox ")).toEqual([]);
});
