import { expect, it, onTestFinished } from "vitest";
import { type TestClient, connect } from "./test-client.js";
import { startServer } from "./test-server.js";
import { WatchedStore } from "./watched-store.js";
import type { ChatStore } from "../src/stores/chat-store.js";
import { memoryStore } from "../src/stores/memory-store.js";

const roomId = "lobby";
const author = { id: "bot", name: "Bot" };

/** The places of events in the order a client heard of them: those of its answer, then those it was told. */
async function joinAndListen(client: TestClient, after: { epoch: string; seq: number } | undefined): Promise<{ start: number; told: () => number[] }> {
  const { catchUp } = await client.ask("room:join", { roomId, ...(after && { after }), limit: 200 });
  // Nothing may be told before the answer.
  expect(client.events(roomId).every(({ seq }) => seq > catchUp.head)).toBe(true);
  const start = catchUp.kind === "events" ? (after?.seq ?? 0) : catchUp.head;
  const answered = catchUp.kind === "events" ? catchUp.events.map(({ seq }) => seq) : [];
  return { start, told: () => [...answered, ...client.events(roomId).map(({ seq }) => seq)] };
}

it("shows no hole and repeats nothing to those who join while others write", async () => {
  const { origin, chat } = await startServer({ store: new WatchedStore(memoryStore()).store });
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const writing = (async () => {
    for (let n = 0; !stop.signal.aborted; n++) {
      await chat.room(roomId).send({ author, text: `${n}` });
      if (n % 5 === 0) await new Promise(setImmediate);
    }
  })();
  const clients: TestClient[] = [];
  const readers: Awaited<ReturnType<typeof joinAndListen>>[] = [];
  const first = await connect(origin);
  const { catchUp } = await first.ask("room:join", { roomId });
  for (let n = 0; n < 40; n++) {
    const client = await connect(origin);
    clients.push(client);
    const after = n % 2 === 0 ? undefined : { epoch: catchUp.epoch, seq: first.events(roomId).at(-1)?.seq ?? 0 };
    readers.push(await joinAndListen(client, after));
  }
  stop.abort();
  await writing;
  const { seq: last } = await chat.room(roomId).send({ author, text: "last" });
  for (const [index, { start, told }] of readers.entries()) {
    await clients[index]?.hears("room:events", ({ from, events }) => from + events.length - 1 === last);
    expect(told()).toEqual(Array.from({ length: last - start }, (_, place) => start + 1 + place));
  }
});

it("says nothing before the answer and leaves nothing out after it, at whatever moment something is written", async () => {
  const watched = new WatchedStore(memoryStore());
  const { epoch } = await watched.store.open();
  let gate = Promise.resolve();
  let ticks = 0;
  let reads = 0;
  const store: ChatStore = {
    ...watched.store,
    eventsAfter: async (...call) => {
      reads += 1;
      await gate;
      return watched.store.eventsAfter(...call);
    },
    append: async (...call) => {
      await gate;
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
      return watched.store.append(...call);
    },
  };
  const { origin, chat } = await startServer({ store });
  const client = await connect(origin);
  for (ticks = 0; ticks < 40; ticks++) {
    const roomId = `room-${ticks}`;
    await chat.room(roomId).send({ author, text: "before" });
    let open = (): void => undefined;
    gate = new Promise((resolve) => (open = resolve));
    reads = 0;
    const order: number[][] = [];
    client.socket.on("room:events", (run) => run.roomId === roomId && order.push(run.events.map(({ seq }) => seq)));
    const answered = new Promise<void>((resolve) => {
      client.socket.emit("room:join", { roomId, after: { epoch, seq: 0 } }, (reply) => {
        if (reply.ok && reply.data.catchUp.kind === "events") order.push(reply.data.catchUp.events.map(({ seq }) => seq));
        expect(order).toHaveLength(1);
        resolve();
      });
    });
    await expect.poll(() => reads, { interval: 1 }).toBe(1);
    const sent = chat.room(roomId).send({ author, text: "meanwhile" });
    open();
    await Promise.all([answered, sent]);
    await expect.poll(() => order.flat(), { interval: 1 }).toEqual([1, 2]);
  }
});

it("reads the store as often for three hundred who come back after a restart as for three", async () => {
  const watched = new WatchedStore(memoryStore());
  const first = await startServer({ store: watched.store });
  for (let n = 0; n < 300; n++) await first.chat.room(roomId).send({ author, text: `${n}` });
  const { epoch } = await watched.store.open();
  await first.chat.close({ drainMs: 0 });

  const readsOf = async (count: number) => {
    const { origin, chat } = await startServer({ store: watched.store });
    const clients = await Promise.all(Array.from({ length: count }, () => connect(origin)));
    watched.takeReads();
    const answers = await Promise.all(
      clients.map((client, n) => client.ask("room:join", { roomId, ...(n % 3 > 0 && { after: { epoch, seq: 300 - n } }), limit: n % 3 === 2 ? 200 : 50 })),
    );
    for (const { catchUp } of answers) expect(catchUp.head).toBe(300);
    await chat.close({ drainMs: 0 });
    return watched.takeReads();
  };
  const few = await readsOf(3);
  const many = await readsOf(300);
  const sum = (reads: Record<string, number>) => Object.values(reads).reduce((total, count) => total + count, 0);
  expect(sum(few)).toBeLessThanOrEqual(4);
  expect(sum(many)).toBeLessThanOrEqual(8);
});
