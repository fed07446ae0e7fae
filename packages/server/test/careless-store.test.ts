import { expect, it, onTestFinished, vi } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { ChatError } from "@chat-widget/protocol";
import type { ChatStore } from "../src/stores/chat-store.js";
import { memoryStore } from "../src/stores/memory-store.js";
import { FaultyStore } from "./faulty-store.js";
import { ManualClock } from "./manual-clock.js";
import { connect, refusalOf } from "./test-client.js";
import { startServer } from "./test-server.js";
import { expectNothingUnhandled } from "./unhandled.js";

const roomId = "lobby";
expectNothingUnhandled();

it("opens a store that was not there at first", async () => {
  const clock = new ManualClock();
  const store = new FaultyStore();
  store.failsToOpen = true;
  const { origin, chat, log } = await startServer({ clock, store });
  await expect(chat.ready).rejects.toThrow("disk on fire");
  expect(await refusalOf(connect(origin))).toMatchObject({ code: "unavailable", retry: "same" });
  store.failsToOpen = false;
  clock.advance(500);
  const ann = await vi.waitFor(() => connect(origin));
  await ann.ask("room:join", { roomId });
  expect(await ann.send(roomId, "hello")).toMatchObject({ seq: 1 });
  expect(log.messages("error")).toHaveLength(1);
});

it.each([[undefined], [[]], [[undefined]], [[{ outcome: "stored" }]], [[{ outcome: "stored", event: { id: "other", seq: 1 } }]], [[{ outcome: "lost" }]]])(
  "refuses a write, and goes on, when its store answers %j",
  async (junk) => {
    const store = memoryStore();
    const append = store.append.bind(store);
    let isBroken = true;
    // A store in JavaScript may answer anything.
    Reflect.set(store, "append", async (...call: Parameters<typeof append>) => (isBroken ? junk : append(...call)));
    const { origin, chat, log } = await startServer({ store });
    const ann = await connect(origin);
    await ann.ask("room:join", { roomId });
    expect(await refusalOf(ann.send(roomId, "hello"))).toMatchObject({ code: "unavailable", retry: "same" });
    expect(log.lines).toMatchObject([{ level: "error", fields: { err: { message: expect.stringContaining("the contract of ChatStore") } } }]);
    isBroken = false;
    expect(await ann.send(roomId, "hello again")).toMatchObject({ seq: 1 });
    await chat.close();
  },
);

it.each<[keyof ChatStore, unknown]>([
  ["heads", [NaN]],
  ["eventsAfter", { kind: "events", events: [{}], head: 1 }],
  ["messages", { messages: [] }],
  ["messagesById", [undefined]],
  ["receipts", "none"],
])("refuses what needs %s, and goes on, when its store answers junk", async (name, junk) => {
  const store = memoryStore();
  const { origin } = await startServer({ store });
  const [ann, bob] = [await connect(origin), await connect(origin)];
  const { catchUp } = await bob.ask("room:join", { roomId: "elsewhere" });
  const method = store[name];
  Reflect.set(store, name, async () => junk);
  const asked = [
    ann.ask("room:join", { roomId, after: { epoch: catchUp.epoch, seq: 0 } }).then(() => ann.ask("receipt:move", { roomId, seq: 5 })),
    bob.ask("history:read", { roomId: "elsewhere" }),
    bob.ask("message:read", { roomId: "elsewhere", messageIds: [uuidv7()] }),
  ];
  const outcomes = await Promise.allSettled(asked);
  const refusals = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
  expect(refusals).toMatchObject([{ code: "unavailable", retry: "same" }]);
  Reflect.set(store, name, method);
  await ann.ask("room:join", { roomId });
  expect(await ann.send(roomId, "hello")).toMatchObject({ seq: 1 });
});

it("opens a store again that did not say who it is", async () => {
  const clock = new ManualClock();
  const store = memoryStore();
  const open = store.open.bind(store);
  Reflect.set(store, "open", async () => ({}));
  const { origin, chat } = await startServer({ clock, store });
  await expect(chat.ready).rejects.toMatchObject({ code: "unavailable" });
  store.open = open;
  clock.advance(500);
  await vi.waitFor(() => connect(origin));
});

it("closes although its store never does", async () => {
  const clock = new ManualClock();
  const store = memoryStore();
  store.close = () => new Promise(() => undefined);
  const { chat, log } = await startServer({ clock, store });
  await chat.ready;
  const closed = chat.close({ drainMs: 10 });
  const advance = setInterval(() => clock.advance(10_000), 5);
  onTestFinished(() => clearInterval(advance));
  await closed;
  expect(log.messages("error")).toEqual(["unable to close the store; it was left as it is"]);
});

it("closes although its store never opened", async () => {
  const store = new FaultyStore();
  store.opening = new Promise(() => undefined);
  const { chat } = await startServer({ store });
  await chat.close({ drainMs: 10 });
});

it("asks a store that is gone by then no more for what came together with a poisoned write", async () => {
  const store = memoryStore();
  let appends = 0;
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  store.append = async () => {
    appends += 1;
    if (appends === 1) await gate;
    throw appends === 2 ? new ChatError("too-large", "unable to store; this text is refused") : new Error("connection lost");
  };
  const { origin } = await startServer({ store });
  const clients = await Promise.all(Array.from({ length: 4 }, () => connect(origin)));
  for (const client of clients) await client.ask("room:join", { roomId });
  const refusals = [];
  for (const client of clients) {
    refusals.push(refusalOf(client.send(roomId, "hello")));
    // Answered after the message was heard.
    await refusalOf(client.ask("room:leave", { roomId: "elsewhere" }));
  }
  open();
  expect((await Promise.all(refusals)).map(({ code }) => code)).toEqual(Array(4).fill("unavailable"));
  // The first alone, the others together, then one of them alone.
  expect(appends).toBe(3);
});

it("refuses a poisoned write and stores what others asked in the same moment", async () => {
  const inner = memoryStore();
  const append = inner.append.bind(inner);
  inner.append = async (room, appends) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (appends.some(({ draft }) => draft.type === "message.sent" && draft.text === "poison")) throw new ChatError("too-large", "unable to store; this text is refused");
    return append(room, appends);
  };
  const { origin } = await startServer({ store: inner });
  const [ann, bob, mallory] = [await connect(origin), await connect(origin), await connect(origin)];
  for (const client of [ann, bob, mallory]) await client.ask("room:join", { roomId });
  const first = ann.send(roomId, "first");
  const [poison, innocent] = [refusalOf(mallory.send(roomId, "poison")), bob.send(roomId, "innocent")];
  expect((await first).seq).toBe(1);
  expect(await poison).toMatchObject({ code: "too-large" });
  expect((await innocent).seq).toBe(2);
});
