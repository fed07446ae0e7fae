import { describe, expect, it, vi } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { createMesh } from "../test/cluster/mesh.js";
import { ManualClock } from "../test/manual-clock.js";
import { type TestClient, connect, refusalOf } from "../test/test-client.js";
import { startServer } from "../test/test-server.js";
import { memoryStore } from "./stores/memory-store.js";

const roomId = "lobby";
const author = { id: "bot", name: "Bot" };

async function join(origin: string): Promise<TestClient> {
  const client = await connect(origin);
  await client.ask("room:join", { roomId });
  return client;
}

const partsOf = (client: TestClient) => client.all("message:streaming").flatMap(({ parts }) => parts);
const heardText = (client: TestClient) =>
  partsOf(client)
    .map(({ text }) => text)
    .join("");

/** As long as a promise of the application is not kept. */
async function* pieces(texts: string[], goOn: Promise<unknown> = Promise.resolve()) {
  for (const text of texts) yield text;
  await goOn;
}

describe("a message that grows", () => {
  it("is told part by part, and stored under the same id when it ends", async () => {
    const { origin, chat } = await startServer();
    const ann = await join(origin);
    const question = await chat.room(roomId).send({ author, text: "a question" });
    const stream = await chat.room(roomId).stream({ author, replyTo: question.id });
    for (const word of ["one ", "two ", "three"]) stream.write(word);
    await vi.waitFor(() => expect(heardText(ann)).toBe("one two three"));
    // Written at once, told at once.
    expect(partsOf(ann)).toMatchObject([{ id: stream.id, author, replyTo: question.id, offset: 0 }]);
    stream.write(", four");
    await vi.waitFor(() => expect(partsOf(ann).at(-1)).toMatchObject({ offset: 13, text: ", four" }));
    const message = await stream.end();
    expect(message).toMatchObject({ id: stream.id, text: "one two three, four", replyTo: question.id, author });
    await ann.hears("room:events", ({ events }) => events.some(({ seq }) => seq === message.seq));
    expect((await ann.ask("stream:read", { roomId })).parts).toEqual([]);
    expect(() => stream.write("five")).toThrow(/ended or given up/);
    await expect(stream.end()).rejects.toMatchObject({ code: "conflict" });
  });

  it("is there from the beginning for those who come later", async () => {
    const { origin, chat } = await startServer();
    const stream = await chat.room(roomId).stream({ author });
    stream.write("before");
    const ann = await join(origin);
    stream.write(" after");
    await vi.waitFor(() => expect(partsOf(ann).length).toBeGreaterThan(0));
    expect((await ann.ask("stream:read", { roomId })).parts).toMatchObject([{ id: stream.id, offset: 0, text: "before after" }]);
    await stream.end();
  });

  it("does not part the halves of a character", async () => {
    const { origin, chat } = await startServer();
    const ann = await join(origin);
    const stream = await chat.room(roomId).stream({ author });
    stream.write("a\ud83d");
    await vi.waitFor(() => expect(heardText(ann)).toBe("a"));
    stream.write("\udc4b");
    await vi.waitFor(() => expect(heardText(ann)).toBe("a👋"));
    expect((await stream.end()).text).toBe("a👋");
  });

  it("is stored as it stands when it fails, with the reason below it, and not at all when nothing is written", async () => {
    const { origin, chat } = await startServer();
    const [ann, room] = [await join(origin), chat.room(roomId)];
    const stream = await room.stream({ author });
    stream.write("half");
    expect(await stream.fail("I have to go.")).toMatchObject({ text: "half\n\nI have to go." });
    const empty = await room.stream({ author });
    expect(await empty.fail()).toBeUndefined();
    await ann.hears("message:streaming", ({ parts }) => parts.some(({ id, isGivenUp }) => id === empty.id && isGivenUp === true));
    const blank = await room.stream({ author });
    blank.write(" \n");
    await expect(blank.end()).rejects.toMatchObject({ code: "invalid" });
    const unwanted = await room.stream({ author });
    unwanted.write("no");
    unwanted.giveUp();
    expect((await ann.ask("stream:read", { roomId })).parts).toEqual([]);
    expect((await room.messages()).messages).toHaveLength(1);
  });

  it("is stored as it stands when nothing is written for a minute, and when the server closes", async () => {
    const clock = new ManualClock();
    const store = { ...memoryStore(), close: async () => {} };
    const { chat } = await startServer({ clock, store });
    const idle = await chat.room(roomId).stream({ author });
    idle.write("idle");
    clock.advance(61_000);
    await vi.waitFor(() => expect(() => idle.write("more")).toThrow(/ended/));
    const open = await chat.room(roomId).stream({ author });
    open.write("open");
    await chat.close({ drainMs: 5_000 });
    expect((await store.messages(roomId, { limit: 10 })).messages.map(({ text }) => text)).toEqual(["idle", "open"]);
  });

  it("is stored all the same when somebody used its id to be in the way", async () => {
    const { origin, chat } = await startServer();
    const eve = await join(origin);
    const stream = await chat.room(roomId).stream({ author });
    stream.write("the answer");
    await eve.hears("message:streaming");
    await eve.send(roomId, "mine now", stream.id);
    const message = await stream.end();
    expect(message).toMatchObject({ text: "the answer", author });
    expect(message.id).not.toBe(stream.id);
    expect((await chat.room(roomId).messages()).messages.map(({ text }) => text)).toEqual(["mine now", "the answer"]);
  });

  it("has bounds: of its text, and of how many are written at once", async () => {
    const { chat } = await startServer({ limits: { textBytes: 10 } });
    const room = chat.room(roomId);
    const stream = await room.stream({ author });
    stream.write("ten bytes!");
    expect(() => stream.write("!")).toThrow(expect.objectContaining({ code: "too-large", details: { limit: 10 } }));
    const others = await Promise.all(Array.from({ length: 7 }, () => room.stream({ author })));
    expect(await refusalOf(room.stream({ author }))).toMatchObject({ code: "rate-limited" });
    await chat.room("elsewhere").stream({ author });
    others[0]?.giveUp();
    await room.stream({ author });
    await expect(room.stream({ author, replyTo: uuidv7() })).rejects.toMatchObject({ code: "not-found" });
    expect((await stream.end()).text).toBe("ten bytes!");
  });
});

describe("streamFrom", () => {
  it("writes what an iterable gives", async () => {
    const { chat } = await startServer();
    expect(await chat.room(roomId).streamFrom(pieces(["hel", "lo"]), { author })).toMatchObject({ text: "hello", author });
    expect(await chat.room(roomId).streamFrom(["a", "b"], { author })).toMatchObject({ text: "ab" });
  });

  it("stores what was written when the iterable throws, or gives too much", async () => {
    const { chat } = await startServer({ limits: { textBytes: 6 } });
    const room = chat.room(roomId);
    await expect(room.streamFrom(pieces(["half"], Promise.reject(new Error("the model is gone"))), { author })).rejects.toThrow("the model is gone");
    await expect(room.streamFrom(pieces(["five ", "and more"]), { author })).rejects.toMatchObject({ code: "too-large" });
    expect((await room.messages()).messages.map(({ text }) => text)).toEqual(["half", "five "]);
  });
});

it("grows on every node, and whoever comes to another one has all of it", async () => {
  const adapter = createMesh();
  const store = memoryStore();
  const nodes = [await startServer({ store, adapter: adapter() }), await startServer({ store, adapter: adapter() })];
  const [here, there] = [nodes[0], nodes[1]];
  if (here === undefined || there === undefined) throw new Error("there are no nodes");
  const bob = await join(there.origin);
  const stream = await here.chat.room(roomId).stream({ author });
  stream.write("one ");
  await vi.waitFor(() => expect(heardText(bob)).toBe("one "));
  const late = await join(there.origin);
  stream.write("two");
  await vi.waitFor(() => expect(heardText(late)).toBe("two"));
  expect((await late.ask("stream:read", { roomId })).parts).toMatchObject([{ id: stream.id, text: "one two" }]);
  const message = await stream.end();
  await bob.hears("room:events", ({ events }) => events.some(({ seq }) => seq === message.seq));
});

it("is asked for by a node that opens the room in the middle of it", async () => {
  const adapter = createMesh();
  const store = memoryStore();
  const [here, there] = [await startServer({ store, adapter: adapter() }), await startServer({ store, adapter: adapter() })];
  const stream = await here.chat.room(roomId).stream({ author });
  stream.write("one ");
  const ann = await join(here.origin);
  await vi.waitFor(async () => expect((await ann.ask("stream:read", { roomId })).parts).toMatchObject([{ text: "one " }]));
  await vi.waitFor(() => expect(here.chat.status().bus).toBe("live"), { timeout: 10_000 });
  const bob = await join(there.origin);
  stream.write("two");
  await vi.waitFor(async () => expect((await bob.ask("stream:read", { roomId })).parts).toMatchObject([{ id: stream.id, offset: 0, text: "one two" }]), { timeout: 10_000 });
  await stream.end();
});
