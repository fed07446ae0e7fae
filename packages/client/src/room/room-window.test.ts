import { ChatError, applyEvent, defaultLimits, messageIdOf, type CommandInput, type Message, type RoomEvent } from "@chat-widget/protocol";
import * as fc from "fast-check";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { runs } from "../../test/property-runs.js";
import type { ServerLink } from "../server-link.js";
import { RoomLog } from "./room-log.js";
import { openWindow, type WindowRoom, type WindowSnapshot } from "./room-window.js";

const author = { id: "ann", name: "Ann" };
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const pageSize = 4;

function fold(events: readonly RoomEvent[]): Message[] {
  const messages = new Map<string, Message>();
  for (const event of events) {
    const id = messageIdOf(event);
    const message = id === undefined ? undefined : applyEvent(messages.get(id), event);
    if (message !== undefined) messages.set(message.id, message);
  }
  return [...messages.values()];
}

/** A room on a server, and a reader whose log hears of it when the test lets it. Answers are of the moment they are asked at, and wait. */
class World {
  readonly events: RoomEvent[] = [];
  readonly log = new RoomLog();
  readonly answers: (() => void)[] = [];
  epoch = "e1";
  /** Whether what is asked waits for {@link answer}. */
  isSlow = false;
  refusal: ChatError | undefined;
  #listener: (() => void) | undefined;
  #heard = 0;

  readonly room: WindowRoom = {
    roomId: "room",
    log: this.log,
    logger: silent,
    items: () => [],
    user: () => undefined,
    subscribe: (listener) => {
      this.#listener = listener;
      return () => (this.#listener = undefined);
    },
    // The one command a window asks, as the server would answer it.
    connection: { isReady: true, limits: defaultLimits, refusal: undefined, request: ((name: string, input: CommandInput<"history:read">) => this.#ask(name, input)) as ServerLink["request"] },
  };

  get isWatched(): boolean {
    return this.#listener !== undefined;
  }

  send(count = 1): void {
    for (let n = 0; n < count; n += 1) {
      const seq = this.events.length + 1;
      this.events.push({ type: "message.sent", seq, id: uuidv7(), at: seq, author, text: `${seq}` });
    }
  }

  change(kind: "edit" | "delete", target: number): void {
    const messageId = fold(this.events)[target]?.id;
    if (messageId === undefined) return;
    const change = { seq: this.events.length + 1, id: uuidv7(), at: 1, by: "ann", messageId };
    this.events.push(kind === "edit" ? { ...change, type: "message.edited", text: `edited at ${change.seq}` } : { ...change, type: "message.deleted" });
  }

  hear(count = Infinity): void {
    const next = this.events.slice(this.#heard, this.#heard + count);
    this.#heard += next.length;
    this.log.receive(this.epoch, next);
    this.#listener?.();
  }

  /** The reader comes back after so long that it begins anew. */
  begin(): void {
    this.#heard = this.events.length;
    this.log.catchUp({ kind: "snapshot", reason: "far", epoch: this.epoch, head: this.#heard, messages: fold(this.events).slice(-2), hasOlder: true });
    this.#listener?.();
  }

  /** Lets answers come until nobody waits for one. */
  async settle(): Promise<void> {
    this.isSlow = false;
    for (let turn = 0; turn < 20; turn += 1) {
      for (const answer of this.answers.splice(0)) answer();
      await Promise.resolve();
    }
  }

  #ask(name: string, { before, after, around }: CommandInput<"history:read">): Promise<unknown> {
    if (this.refusal !== undefined) return Promise.reject(this.refusal);
    if (name !== "history:read") throw new Error(`${name} is not asked`);
    const all = fold(this.events);
    const at = (seq: number) => all.filter((message) => message.seq < seq).length;
    const edge = before !== undefined ? at(before) - pageSize : after !== undefined ? at(after + 1) : at(around ?? 0) - pageSize / 2;
    const [start, end] = [Math.max(0, edge), edge + pageSize];
    const page = { epoch: this.epoch, asOf: this.events.length, messages: all.slice(start, end), hasOlder: start > 0, hasNewer: end < all.length };
    return this.isSlow ? new Promise((resolve) => this.answers.push(() => resolve(page))) : Promise.resolve(page);
  }
}

const texts = ({ messages }: WindowSnapshot) => messages.map(({ text }) => text);

async function start(count: number, place: number) {
  const world = new World();
  world.send(count);
  world.begin();
  return { world, window: await openWindow(world.room, place) };
}

describe("a window", () => {
  it("begins around a message and grows both ways, until it goes on with the room", async () => {
    const { world, window } = await start(10, 5);
    expect(window.getSnapshot()).toMatchObject({ hasOlder: true, hasNewer: true, isLoading: false });
    expect(texts(window.getSnapshot())).toEqual(["3", "4", "5", "6"]);
    await window.loadOlder();
    expect(window.getSnapshot()).toMatchObject({ hasOlder: false, messages: { length: 6 } });
    world.send();
    world.hear();
    expect(texts(window.getSnapshot())).toHaveLength(6);
    await window.loadNewer();
    await window.loadNewer();
    expect(window.getSnapshot()).toMatchObject({ hasNewer: false, messages: { length: 11 } });
    world.send();
    world.hear();
    expect(texts(window.getSnapshot())).toEqual(Array.from({ length: 12 }, (_, n) => `${n + 1}`));
    await window.loadNewer();
    expect(window.getSnapshot().messages).toHaveLength(12);
  });

  it("shows edits and deletions, and leaves the other messages as they are", async () => {
    const { world, window } = await start(10, 5);
    const before = window.getSnapshot();
    world.change("edit", 3);
    world.change("delete", 4);
    world.change("edit", 9);
    world.hear();
    const after = window.getSnapshot();
    expect(texts(after)).toEqual(["3", "edited at 11", "", "6"]);
    expect([after.messages[0] === before.messages[0], after.messages[3] === before.messages[3]]).toEqual([true, true]);
  });

  it("tells who listens, and stops when it is released", async () => {
    const { world, window } = await start(10, 5);
    let told = 0;
    window.subscribe(() => (told += 1));
    world.change("edit", 3);
    world.hear();
    await Promise.resolve();
    expect(told).toBe(1);
    window.release();
    expect(world.isWatched).toBe(false);
    await Promise.resolve();
    expect(told).toBe(1);
  });

  it("begins anew around its message when the way was too long, and when the store is another one", async () => {
    const { world, window } = await start(10, 5);
    await window.loadOlder();
    world.change("delete", 4);
    world.begin();
    expect(window.getSnapshot()).toMatchObject({ messages: [], isLoading: true });
    await world.settle();
    expect(texts(window.getSnapshot())).toEqual(["3", "4", "", "6"]);
    world.epoch = "e2";
    world.begin();
    await world.settle();
    expect(texts(window.getSnapshot())).toEqual(["3", "4", "", "6"]);
  });

  it("begins anew also while it loads more", async () => {
    const { world, window } = await start(10, 5);
    world.isSlow = true;
    const older = window.loadOlder();
    world.change("delete", 4);
    world.begin();
    await world.settle();
    await older;
    expect(texts(window.getSnapshot())).toEqual(["3", "4", "", "6"]);
  });

  it("says why it cannot load more, and loads it when asked again", async () => {
    const { world, window } = await start(10, 5);
    world.refusal = new ChatError("rate-limited", "unable to read; too often");
    await expect(window.loadOlder()).rejects.toMatchObject({ code: "rate-limited" });
    expect(window.getSnapshot()).toMatchObject({ isLoading: false, hasOlder: true });
    world.refusal = undefined;
    await window.loadOlder();
    expect(window.getSnapshot().messages).toHaveLength(6);
  });

  it("cannot be opened where nothing can be read, and then watches nothing", async () => {
    const world = new World();
    world.refusal = new ChatError("forbidden", "unable to read; join the room first");
    await expect(openWindow(world.room, 5)).rejects.toMatchObject({ code: "forbidden" });
    expect(world.isWatched).toBe(false);
  });

  it("is a part of the room without a hole, as it reads now, whatever came in which order", async () => {
    const action = fc.oneof(
      fc.record({ do: fc.constantFrom("send", "edit", "delete", "hear", "older", "newer"), n: fc.nat(12) }),
      fc.record({ do: fc.constantFrom("answer", "begin"), n: fc.nat(2) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 14 }), fc.nat(13), fc.array(action, { maxLength: 30 }), async (count, place, actions) => {
        const { world, window } = await start(count, place + 1);
        world.isSlow = true;
        for (const { do: what, n } of actions) {
          if (what === "send") world.send();
          else if (what === "edit" || what === "delete") world.change(what, n);
          else if (what === "hear") world.hear(n);
          else if (what === "older") window.loadOlder().catch(() => undefined);
          else if (what === "newer") window.loadNewer().catch(() => undefined);
          else if (what === "begin") world.begin();
          else world.answers.splice(0, 1)[0]?.();
          await Promise.resolve();
        }
        world.hear();
        await world.settle();
        const { messages, hasOlder, hasNewer, isLoading } = window.getSnapshot();
        const all = fold(world.events);
        const start_ = messages.length === 0 ? all.length : all.findIndex(({ id }) => id === messages[0]?.id);
        const expected = all.slice(start_, start_ + messages.length);
        expect(messages.map(({ id, rev, text }) => [id, rev, text])).toEqual(expected.map(({ id, rev, text }) => [id, rev, text]));
        expect({ hasOlder, hasNewer, isLoading }).toEqual({ hasOlder: start_ > 0, hasNewer: start_ + messages.length < all.length, isLoading: false });
      }),
      { numRuns: runs(200), examples: [[1, 0, [{ do: "send", n: 0 }, { do: "begin", n: 0 }, { do: "send", n: 0 }, { do: "answer", n: 0 }, { do: "begin", n: 0 }]]] },
    );
  });
});
