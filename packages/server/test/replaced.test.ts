import { expect, it, vi } from "vitest";
import { v7 as uuidv7 } from "uuid";
import type { ChatStore, StoreIdentity } from "../src/stores/chat-store.js";
import { memoryStore } from "../src/stores/memory-store.js";
import { connect, openSocket, refusalOf } from "./test-client.js";
import { startServer } from "./test-server.js";
import { expectNothingUnhandled } from "./unhandled.js";

const roomId = "lobby";
expectNothingUnhandled();

/** A store whose place another one can take. */
class ReplaceableStore {
  #inner = memoryStore();
  #over = new AbortController();
  /** Appends wait for this, and are then made in the store that is there. */
  gate: Promise<void> = Promise.resolve();
  appends = 0;
  /** Opening waits for this. */
  opening: Promise<void> = Promise.resolve();

  readonly store: ChatStore = {
    open: () => this.#open(),
    append: async (...call) => {
      this.appends += 1;
      await this.gate;
      return this.#inner.append(...call);
    },
    heads: (...call) => this.#inner.heads(...call),
    eventsAfter: (...call) => this.#inner.eventsAfter(...call),
    eventsById: (...call) => this.#inner.eventsById(...call),
    messages: (...call) => this.#inner.messages(...call),
    messagesById: (...call) => this.#inner.messagesById(...call),
    search: (...call) => this.#inner.search(...call),
    receipts: (...call) => this.#inner.receipts(...call),
    moveReceipt: (...call) => this.#inner.moveReceipt(...call),
    reading: (...call) => this.#inner.reading(...call),
    receiptsOf: (...call) => this.#inner.receiptsOf(...call),
    forgetReader: (...call) => this.#inner.forgetReader(...call),
    allEvents: (...call) => this.#inner.allEvents(...call),
    redact: (...call) => this.#inner.redact(...call),
    records: (...call) => this.#inner.records(...call),
    writeRecords: (...call) => this.#inner.writeRecords(...call),
    forget: (...call) => this.#inner.forget(...call),
    close: () => this.#inner.close(),
  };

  replace(): void {
    const over = this.#over;
    this.#inner = memoryStore();
    this.#over = new AbortController();
    over.abort();
  }

  async #open(): Promise<StoreIdentity> {
    await this.opening;
    return { ...(await this.#inner.open()), replaced: this.#over.signal };
  }
}

it("sends everybody away when its store is another one, and gives them a snapshot of it", async () => {
  const replaceable = new ReplaceableStore();
  const { origin, chat, log } = await startServer({ store: replaceable.store });
  const ann = await connect(origin);
  const { catchUp } = await ann.ask("room:join", { roomId });
  await ann.send(roomId, "lost");
  replaceable.replace();
  expect(await ann.hears("session:going-away")).toEqual({ retryAfterMs: expect.any(Number) });
  await ann.ends();
  const again = await connect(origin);
  const after = { epoch: catchUp.epoch, seq: 1 };
  expect(await again.ask("room:join", { roomId, after })).toMatchObject({ catchUp: { kind: "snapshot", reason: "epoch", head: 0, messages: [] } });
  expect(await again.send(roomId, "new")).toMatchObject({ seq: 1 });
  expect(await chat.room(roomId).send({ author: { id: "bot", name: "Bot" }, text: "newer" })).toMatchObject({ seq: 2 });
  expect(log.messages("warn")).toEqual([expect.stringContaining("the store is another one than it was")]);
  expect(log.messages("error")).toEqual([]);
});

it("answers nothing that was asked before, and stores it once when it is asked again", async () => {
  const replaceable = new ReplaceableStore();
  const { origin } = await startServer({ store: replaceable.store, guests: false, authenticate: () => ({ id: "ann", name: "Ann" }) });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  await ann.send(roomId, "lost");
  let open = () => {};
  replaceable.gate = new Promise((resolve) => (open = resolve));
  const id = uuidv7();
  const input = { roomId, id, text: "asked before" };
  const answers: unknown[] = [];
  ann.socket.emit("message:send", input, (answer: unknown) => answers.push(answer));
  await vi.waitFor(() => expect(replaceable.appends).toBe(2));
  replaceable.replace();
  await ann.ends();
  open();
  const again = await connect(origin);
  await again.ask("room:join", { roomId });
  const { event } = await again.ask("message:send", input);
  expect(event).toMatchObject({ id, seq: 1 });
  expect(answers).toEqual([]);
  expect(ann.events(roomId)).toHaveLength(1);
});

it("sends away whoever was being let in while the store was replaced", async () => {
  const replaceable = new ReplaceableStore();
  let asked = 0;
  let goOn = () => {};
  const thought = new Promise<void>((resolve) => (goOn = resolve));
  const authenticate = async () => {
    asked += 1;
    await thought;
    return { id: "ann", name: "Ann" };
  };
  const { origin } = await startServer({ store: replaceable.store, guests: false, authenticate });
  const heard: unknown[] = [];
  const late = openSocket(origin).onAny((...said) => heard.push(said));
  const ended = new Promise((resolve) => late.on("disconnect", resolve).on("connect_error", resolve));
  await vi.waitFor(() => expect(asked).toBe(1));
  replaceable.replace();
  goOn();
  await ended;
  expect(heard).toEqual([]);
  const again = await connect(origin);
  await again.ask("room:join", { roomId });
  expect(await again.send(roomId, "new")).toMatchObject({ seq: 1 });
});

it("is unavailable, and unhealthy, until the other store is open", async () => {
  const replaceable = new ReplaceableStore();
  const { origin, chat } = await startServer({ store: replaceable.store });
  await chat.ready;
  replaceable.opening = Promise.reject(new Error("it is not there yet"));
  replaceable.opening.catch(() => undefined);
  replaceable.replace();
  await vi.waitFor(async () => expect(await refusalOf(connect(origin))).toMatchObject({ code: "unavailable", retry: "same" }));
  expect((await fetch(`${origin}/chat/healthz`)).status).toBe(503);
  expect(chat.status()).toMatchObject({ bus: "none" });
  replaceable.opening = Promise.resolve();
  await vi.waitFor(() => connect(origin), { timeout: 10_000 });
  expect((await fetch(`${origin}/chat/healthz`)).status).toBe(200);
  // The question for health waits for its answer, and each try to open the store for longer than the one before.
}, 30_000);
