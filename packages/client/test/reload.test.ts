import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { createChatClient, indexedDbStorage, memoryStorage, type ChatClient, type ChatClientOptions } from "@chat-widget/client";
import { defaultRoomSettings } from "@chat-widget/protocol";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { ManualClock, settle } from "./manual-clock.js";
import { ScriptedTransport } from "./scripted-transport.js";

let clock: ManualClock;
let transport: ScriptedTransport;
beforeEach(() => {
  clock = new ManualClock();
  transport = new ScriptedTransport();
  globalThis.indexedDB = new IDBFactory();
});

const silent = { warn() {}, error() {} };

/** A page: what it shows is gone with it, what it stored is not. */
function open(options: ChatClientOptions = {}): ChatClient {
  const client = createChatClient({ url: "https://example.com/chat", transport, clock, random: () => 1, logger: silent, ...options });
  onTestFinished(() => client.close());
  return client;
}

const guest = (id: string) => ({ user: { id, name: id, roles: ["guest" as const] }, guestToken: `token of ${id}` });
const joined = { catchUp: { kind: "snapshot", epoch: "e1", head: 0, reason: "first", messages: [], hasOlder: false }, receipts: [], presence: { count: 1, users: [] }, permissions: [], settings: defaultRoomSettings };

/** IndexedDB answers in turns of its own. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await settle();
}

async function welcome(id: string): Promise<void> {
  await until(() => transport.links.length > 0 && !transport.link.isClosed);
  transport.link.welcome(guest(id));
  await until(() => transport.link.count("room:join") > 0);
  transport.link.last("room:join").answer(joined);
  await settle();
}

const inputs = () => transport.link.asked.filter(({ name }) => name === "room:write").map(({ input }) => input as { writes: { input: { id: string; text: string } }[] });
const texts = (client: ChatClient) => client.room("lobby").getSnapshot().messages.map(({ text }) => text);

describe("a page that is reloaded", () => {
  it("shows at once what was not sent, then sends it with the same ids in the same order", async () => {
    const before = open();
    const room = before.room("lobby");
    await welcome("guest:1");
    for (const text of ["one", "two", "three"]) void room.send({ text });
    const ids = room.getSnapshot().messages.map(({ id }) => id);
    await until(() => transport.link.count("room:write") > 0);
    await expect.poll(async () => (await indexedDbStorage().list("outbox ")).length).toBe(3);
    await before.close();

    const after = open();
    after.room("lobby");
    await until(() => texts(after).length === 3);
    expect(texts(after)).toEqual(["one", "two", "three"]);
    await welcome("guest:1");
    await until(() => inputs().length > 0);
    expect(transport.link.handshake.guestToken).toBe("token of guest:1");
    expect(inputs()[0]?.writes.map(({ input }) => [input.id, input.text])).toEqual(ids.map((id, index) => [id, ["one", "two", "three"][index]]));
  });

  it("by somebody else sends nothing of the one before", async () => {
    const before = open();
    const room = before.room("lobby");
    await welcome("guest:1");
    void room.send({ text: "private" });
    await expect.poll(async () => (await indexedDbStorage().list("outbox ")).length).toBe(1);
    await before.close();

    const after = open({ getToken: () => "of bob" });
    after.room("lobby");
    await until(() => !transport.link.isClosed);
    transport.link.welcome({ user: { id: "bob", name: "Bob", roles: ["member"] } });
    transport.link.last("room:join").answer(joined);
    await until(() => texts(after).length === 0);
    expect(inputs()).toEqual([]);
  });

  it("of another chat server shares nothing, though the user is called the same", async () => {
    const before = open();
    const room = before.room("lobby");
    await welcome("guest:1");
    void room.send({ text: "for that server" });
    await expect.poll(async () => (await indexedDbStorage().list("outbox ")).length).toBe(1);
    await before.close();

    const after = open({ url: "https://example.com/other" });
    after.room("lobby");
    await until(() => !transport.link.isClosed);
    expect(transport.link.handshake.guestToken).toBeUndefined();
    await welcome("guest:1");
    void after.room("lobby").send({ text: "for this server" });
    await until(() => inputs().length > 0);
    await expect.poll(async () => (await indexedDbStorage().list("outbox ")).length).toBe(2);
    expect(texts(after)).toEqual(["for this server"]);
  });
});

it("two pages with one storage show and send each message as one", async () => {
  const storage = memoryStorage();
  const first = open({ storage });
  const room = first.room("lobby");
  await welcome("guest:1");
  void room.send({ text: "mine" });
  await settle();
  const link = transport.link;
  const [id] = room.getSnapshot().messages.map((message) => message.id);

  const second = open({ storage });
  second.room("lobby");
  await until(() => transport.link !== link);
  await welcome("guest:1");
  expect(texts(second)).toEqual(["mine"]);
  expect(inputs()[0]?.writes.map(({ input }) => input.id)).toEqual([id]);
  const event = { type: "message.sent", id, seq: 1, at: 1, author: { id: "guest:1", name: "guest:1" }, text: "mine" };
  // The first one's acknowledgement tells it; the second hears it as everybody does.
  link.last("room:write").answer({ results: [{ ok: true, data: { event } }] });
  transport.link.say("room:events", { roomId: "lobby", epoch: "e1", from: 1, events: [event] });
  await settle();
  for (const client of [first, second]) expect(client.room("lobby").getSnapshot().messages).toMatchObject([{ id, delivery: { state: "sent" } }]);
  expect(await storage.list("outbox ")).toEqual([]);
});

it("goes on without a storage that works", async () => {
  globalThis.indexedDB.open = () => {
    throw new DOMException("no storage here", "SecurityError");
  };
  const warnings: string[] = [];
  const client = open({ logger: { ...silent, warn: (_fields, message) => void warnings.push(message) } });
  const room = client.room("lobby");
  await welcome("guest:1");
  void room.send({ text: "hello" });
  await until(() => inputs().length > 0);
  expect(warnings).toEqual([expect.stringContaining("over a reload")]);
});
