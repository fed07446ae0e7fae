import { expect, it, vi } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { ChatError } from "@chat-widget/protocol";
import { FaultyStore } from "../../test/faulty-store.js";
import { ManualClock } from "../../test/manual-clock.js";
import { type TestClient, connect, refusalOf } from "../../test/test-client.js";
import { startServer } from "../../test/test-server.js";
import { memoryStore } from "../stores/memory-store.js";

const roomId = "lobby";

async function joined(origin: string, guestName: string): Promise<TestClient> {
  const client = await connect(origin, { guestName });
  await client.ask("room:join", { roomId });
  return client;
}

it("acknowledges what is stored", async () => {
  const store = memoryStore();
  const { origin } = await startServer({ store });
  const ann = await joined(origin, "Ann");
  const sent = await ann.send(roomId, "hello");
  expect(await store.eventsAfter(roomId, 0, 10)).toEqual({ kind: "events", events: [sent], head: 1 });
});

it("stores and tells a message once when it is asked twice", async () => {
  const { origin } = await startServer();
  const [ann, bob] = [await joined(origin, "Ann"), await joined(origin, "Bob")];
  const id = uuidv7();
  const first = await ann.send(roomId, "hello", id);
  expect(await ann.send(roomId, "hello", id)).toEqual(first);
  const last = await ann.send(roomId, "bye");
  expect(last.seq).toBe(2);
  await bob.hears("room:events", ({ from }) => from === 2);
  expect(bob.events(roomId)).toEqual([first, last]);
});

it("refuses an id that was used for something else, or by someone else", async () => {
  const { origin } = await startServer();
  const [ann, bob] = [await joined(origin, "Ann"), await joined(origin, "Bob")];
  const id = uuidv7();
  await ann.send(roomId, "hello", id);
  expect(await refusalOf(ann.send(roomId, "goodbye", id))).toMatchObject({ code: "conflict", retry: "no" });
  expect(await refusalOf(bob.send(roomId, "hello", id))).toMatchObject({ code: "conflict" });
});

it("commits what one client asks in the order it asked, and tells everyone in that order", async () => {
  const { origin } = await startServer({ rates: { write: { burst: 1_000, perSecond: 1_000 } } });
  const [ann, bob] = [await joined(origin, "Ann"), await joined(origin, "Bob")];
  const texts = Array.from({ length: 200 }, (_, index) => `${index}`);
  const sent = await Promise.all(texts.map((text) => ann.send(roomId, text)));
  expect(sent.map(({ seq }) => seq)).toEqual(texts.map((_, index) => index + 1));
  await bob.hears("room:events", ({ from, events }) => from + events.length > 200);
  expect(bob.events(roomId)).toEqual(sent);
});

it("keeps the order of one client also when a check of an earlier command takes longer", async () => {
  let checks = 0;
  const authorize = ({ command }: { command: string }) => new Promise<undefined>((resolve) => setTimeout(resolve, command === "message:send" ? 50 - 20 * checks++ : 0, undefined));
  const { origin } = await startServer({ authorize });
  const ann = await joined(origin, "Ann");
  checks = 0;
  const sent = await Promise.all(["a", "b", "c"].map((text) => ann.send(roomId, text)));
  expect(sent.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

it("puts what waits into one transaction and tells it in one frame", async () => {
  const store = new FaultyStore();
  const { origin } = await startServer({ store });
  const clients = await Promise.all(["Ann", "Bob", "Cleo"].map((name) => joined(origin, name)));
  let open: () => void = () => undefined;
  store.gate = new Promise((resolve) => (open = resolve));
  const sent = clients.map((client) => client.send(roomId, "hello"));
  // A fourth connection's answer comes after the server has heard the three.
  await joined(origin, "Dana");
  open();
  await Promise.all(sent);
  expect(store.transactions).toEqual([1, 2]);
});

it("does a batch in order and names the outcome of each", async () => {
  const { origin } = await startServer();
  const [ann, bob] = [await joined(origin, "Ann"), await joined(origin, "Bob")];
  const theirs = await bob.send(roomId, "mine");
  const id = uuidv7();
  const { results } = await ann.ask("room:write", {
    roomId,
    writes: [
      { name: "message:send", input: { roomId, id, text: "one" } },
      { name: "message:edit", input: { roomId, id: uuidv7(), messageId: id, text: "two" } },
      { name: "message:edit", input: { roomId, id: uuidv7(), messageId: theirs.id, text: "forged" } },
      { name: "reaction:add", input: { roomId, id: uuidv7(), messageId: id, emoji: "👍" } },
      { name: "message:delete", input: { roomId, id: uuidv7(), messageId: id } },
    ],
  });
  expect(results.map((result) => (result.ok ? result.data.event?.["type"] : result.error.code))).toEqual([
    "message.sent",
    "message.edited",
    "forbidden",
    "reaction.added",
    "message.deleted",
  ]);
  const { messages } = await bob.ask("message:read", { roomId, messageIds: [id] });
  expect(messages).toMatchObject([{ text: "", reactions: [], deletedBy: ann.ready.user.id }]);
});

it("answers a change that was done, and asked again because its answer was lost, also when the message was deleted since", async () => {
  const { origin } = await startServer();
  const [ann, bob] = [await joined(origin, "Ann"), await joined(origin, "Bob")];
  const { id: messageId } = await ann.send(roomId, "hello");
  const edit = { roomId, id: uuidv7(), messageId, text: "changed" };
  const reaction = { roomId, id: uuidv7(), messageId, emoji: "👍" };
  const edited = await ann.ask("message:edit", edit);
  const reacted = await ann.ask("reaction:add", reaction);
  await ann.ask("message:delete", { roomId, id: uuidv7(), messageId });
  expect((await ann.ask("message:edit", edit)).event).toMatchObject({ ...edited.event, text: "" });
  expect((await ann.ask("reaction:add", reaction)).event).toEqual(reacted.event);
  const others = [ann.ask("message:edit", { ...edit, id: uuidv7() }), bob.ask("reaction:add", reaction), ann.ask("reaction:add", { ...reaction, id: edit.id })];
  expect(await Promise.all(others.map(refusalOf))).toMatchObject(others.map(() => ({ code: "conflict" })));
});

it("does not take another text under a used id for what was done before", async () => {
  const { origin } = await startServer({ limits: { textBytes: 10 } });
  const ann = await joined(origin, "Ann");
  const { id } = await ann.send(roomId, "short");
  expect(await refusalOf(ann.send(roomId, "longer than allowed", id))).toMatchObject({ code: "too-large" });
});

it("refuses of a batch only what the store refuses for good", async () => {
  const store = memoryStore();
  const append = store.append.bind(store);
  store.append = async (room, appends) => {
    if (appends.some(({ draft }) => draft.type === "message.sent" && draft.text === "poison")) throw new ChatError("too-large", "unable to store; this text is refused");
    return append(room, appends);
  };
  const { origin } = await startServer({ store });
  const ann = await joined(origin, "Ann");
  const writes = ["first", "poison", "last"].map((text) => ({ name: "message:send", input: { roomId, id: uuidv7(), text } }) as const);
  const { results } = await ann.ask("room:write", { roomId, writes });
  expect(results.map((result) => (result.ok ? result.data.event?.seq : result.error.code))).toEqual([1, "too-large", 2]);
});

it("tells those who came after its author had gone of what was being written", async () => {
  let allow = (): void => undefined;
  const isAllowed = new Promise<void>((resolve) => (allow = resolve));
  const isWriting = vi.fn();
  const isGone = vi.fn();
  let asked = 0;
  const { origin } = await startServer({
    // While it stands still, nobody looks into the store for what was missed.
    clock: new ManualClock(),
    onDisconnect: isGone,
    authorize: async ({ command, user }) => {
      if (command !== "message:send" || user.name !== "Ann") return undefined;
      // The first time to know what to offer her.
      if (++asked === 1) return true;
      isWriting();
      await isAllowed;
      return true;
    },
  });
  const ann = await joined(origin, "Ann");
  void ann.send(roomId, "goodbye").catch(() => undefined);
  await vi.waitFor(() => expect(isWriting).toHaveBeenCalled());
  ann.close();
  await vi.waitFor(() => expect(isGone).toHaveBeenCalled());
  const bob = await joined(origin, "Bob");
  allow();
  await bob.hears("room:events", ({ events }) => events[0]?.["text"] === "goodbye");
});

it("aborts the rest of a batch when the store fails, so that asking again keeps the order", async () => {
  const store = new FaultyStore();
  const { origin } = await startServer({ store });
  const [ann, bob] = [await joined(origin, "Ann"), await joined(origin, "Bob")];
  const writes = ["a", "b", "c"].map((text) => ({ name: "message:send", input: { roomId, id: uuidv7(), text } }) as const);
  store.failingAppends = 1;
  const failed = await ann.ask("room:write", { roomId, writes });
  expect(failed.results.map((result) => (result.ok ? "done" : result.error.code))).toEqual(["unavailable", "aborted", "aborted"]);
  const done = await ann.ask("room:write", { roomId, writes });
  expect(done.results.map((result) => result.ok)).toEqual([true, true, true]);
  await bob.hears("room:events");
  expect(bob.events(roomId).map((event) => "text" in event && event.text)).toEqual(["a", "b", "c"]);
});

it("refuses a batch above the limit", async () => {
  const { origin } = await startServer({ limits: { batchSize: 1 } });
  const ann = await joined(origin, "Ann");
  const write = () => ({ name: "message:send", input: { roomId, id: uuidv7(), text: "x" } }) as const;
  expect(await refusalOf(ann.ask("room:write", { roomId, writes: [write(), write()] }))).toMatchObject({ code: "too-large", details: { limit: 1 } });
});

it("tells everyone that waited when the store fails, publishes nothing, and goes on", async () => {
  const store = new FaultyStore();
  const { origin, log } = await startServer({ store });
  const ann = await joined(origin, "Ann");
  store.failingAppends = 1;
  const id = uuidv7();
  expect(await refusalOf(ann.send(roomId, "hello", id))).toMatchObject({ code: "unavailable", retry: "same" });
  expect(log.lines.filter(({ level }) => level === "error")).toHaveLength(1);
  expect(await ann.send(roomId, "hello", id)).toMatchObject({ seq: 1 });
  expect(ann.events(roomId)).toHaveLength(1);
});
