import { createChatClient, type ChatClient, type Room } from "@chat-widget/client";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { ManualClock, settle } from "./manual-clock.js";
import { ModelServer } from "./model-server.js";
import { runs } from "./property-runs.js";
import { SharedStorage } from "./shared-storage.js";
import "../src/room/history.js";

const silent = { warn() {}, error() {} };

/** One browser with its pages, one server, and a wire on which everything waits until it is let through. */
class World {
  readonly clock = new ManualClock();
  readonly server: ModelServer;
  readonly pages: { client: ChatClient; room: Room }[] = [];
  /** Everything that was ever asked to be sent, by text. */
  readonly texts: string[] = [];
  readonly #storage = new SharedStorage(this.clock);
  readonly #scheduler: fc.Scheduler;

  constructor(scheduler: fc.Scheduler) {
    this.#scheduler = scheduler;
    this.server = new ModelServer((what, run) => void scheduler.schedule(Promise.resolve(), what).then(run));
  }

  /** Opens a page, or another tab. */
  open(): void {
    const { clock, server } = this;
    const client = createChatClient({ url: "https://example.com/chat", transport: server, clock, storage: this.#storage.page(), random: () => 0.5, logger: silent });
    this.pages.push({ client, room: client.room("lobby") });
  }

  async close(index: number): Promise<void> {
    const [page] = this.pages.splice(index % this.pages.length, 1);
    await page?.client.close();
  }

  page(index: number): Room | undefined {
    return this.pages[index % this.pages.length]?.room;
  }

  /** Lets some of what is on the wire through, in any order. */
  async let(count: number): Promise<void> {
    await settle();
    for (let n = 0; n < count && this.#scheduler.count() > 0; n++) {
      await this.#scheduler.waitNext(1);
      await settle();
    }
  }

  /** Everything heals, and gets the time it needs. */
  async heal(): Promise<void> {
    this.server.isDown = false;
    this.server.fates.length = 0;
    for (let n = 0; n < 60; n++) {
      await this.clock.pass(1_000);
      if (n % 5 === 0) this.server.heads();
      while (this.#scheduler.count() > 0) await this.let(100);
    }
    for (const { room } of this.pages) {
      while (room.getSnapshot().hasOlder) {
        const loading = room.loadOlder();
        while (this.#scheduler.count() > 0) await this.let(100);
        await loading;
      }
    }
  }

  /** What must hold at any moment. */
  check(): void {
    for (const { room } of this.pages) {
      const { messages } = room.getSnapshot();
      expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
      const places = messages.filter(({ delivery }) => delivery.state === "sent").map(({ seq }) => seq);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }
  }
}

type Step = fc.AsyncCommand<object, World>;

/** A step of a run: something happens, then some of what is on the wire gets through. */
function step(name: string, run: (world: World) => void | Promise<void>, letThrough: number): Step {
  return {
    check: () => true,
    async run(_model, world) {
      await run(world);
      await world.let(letThrough);
      world.check();
    },
    toString: () => `${name}, ${letThrough} get through`,
  };
}

const small = fc.nat(5);
const steps = [
  fc.tuple(small, small).map(([page, through]) =>
    step(`page ${page} sends`, (world) => {
      // Which no connection outlives.
      const isPoison = world.texts.length % 3 === 2;
      const text = `${isPoison ? "poison" : "text"} ${world.texts.length}`;
      world.texts.push(text);
      void world.page(page)?.send({ text });
    }, through),
  ),
  fc.tuple(small, small, small, fc.constantFrom("edit", "delete", "react")).map(([page, target, through, what]) =>
    step(`page ${page} would ${what}`, (world) => {
      const room = world.page(page);
      const message = room?.getSnapshot().messages.at(-1 - target);
      if (room === undefined || message === undefined) return;
      const asked = what === "edit" ? room.edit(message.id, `${message.text}, edited`) : what === "delete" ? room.delete(message.id) : room.react(message.id, "👍", target % 2 === 0);
      asked.catch(() => undefined);
    }, through),
  ),
  fc.tuple(fc.integer({ min: 1, max: 15 }), small).map(([count, through]) =>
    step(`others write ${count}`, ({ server }) => {
      for (let n = 0; n < count; n++) server.append({ type: "message.sent", id: uuidv7(), seq: server.events.length + 1, at: 1, author: { id: "bob", name: "Bob" }, text: "of somebody else" });
    }, through),
  ),
  fc.tuple(fc.array(fc.constantFrom("lost" as const, "twice" as const), { maxLength: 3 }), small).map(([fates, through]) => step(`events are ${fates.join()}`, ({ server }) => void server.fates.push(...fates), through)),
  fc.tuple(fc.nat(12_000), small).map(([ms, through]) => step(`${ms} ms pass`, ({ clock }) => clock.pass(ms), through)),
  fc.tuple(small, small).map(([which, through]) => step(`connection ${which} is cut`, ({ server }) => void [...server.connections].at(which % Math.max(1, server.connections.size))?.cut(), through)),
  small.map((through) => step("heads are told", ({ server }) => server.heads(), through)),
  fc.tuple(fc.boolean(), small).map(([isDown, through]) => step(isDown ? "the store is down" : "the store is back", ({ server }) => void (server.isDown = isDown), through)),
  fc.tuple(small, small).map(([page, through]) => step(`page ${page} loads older`, (world) => void world.page(page)?.loadOlder().catch(() => undefined), through)),
  fc.tuple(small, small).map(([page, through]) =>
    step(`page ${page} is reloaded`, async (world) => {
      await world.close(page);
      world.open();
    }, through),
  ),
  small.map((through) => step("another page is opened", (world) => void (world.pages.length < 3 && world.open()), through)),
  fc.tuple(small, small).map(([page, through]) =>
    step(`page ${page} is closed`, async (world) => {
      if (world.pages.length > 1) await world.close(page);
    }, through),
  ),
  fc.tuple(fc.constantFrom(1, 3, Infinity), small).map(([lost, through]) => step(`the store is another, and has lost ${lost}`, ({ server }) => server.restore(lost), through)),
];

it("pages of one visitor end with the server's messages and nothing unsent, lost or doubled, whatever happens in whatever order", { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.commands(steps, { maxCommands: 40, size: "max" }), async (scheduler, commands) => {
      const world = new World(scheduler);
      world.open();
      // A visitor whom no server ever named has no place to keep what they write.
      await world.let(1);
      try {
        await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
        await world.heal();
        world.check();
        for (const { room } of world.pages) {
          const { messages } = room.getSnapshot();
          const [shown, failed] = [messages.filter(({ text }) => !text.startsWith("poison")), messages.filter(({ text }) => text.startsWith("poison"))];
          expect(failed.every(({ delivery }) => delivery.state === "failed" && delivery.error.code === "undeliverable")).toBe(true);
          expect(failed.map(({ text }) => text)).toEqual(world.texts.filter((text) => text.startsWith("poison")));
          expect(shown.map(({ delivery: _delivery, isMine: _isMine, mentionsMe: _mentionsMe, quote: _quote, ...message }) => message)).toEqual(world.server.messages);
          expect(shown.every(({ delivery }) => delivery.state === "sent")).toBe(true);
        }
        const written = world.server.events.flatMap((event) => (event.type === "message.sent" && event.author.id !== "bob" ? [event.text] : []));
        expect(new Set(written).size).toBe(written.length);
        expect(world.texts.filter((text) => !text.startsWith("poison") && !world.server.everWritten.has(text))).toEqual([]);
      } finally {
        while (world.pages.length > 0) await world.close(0);
      }
    }),
    { numRuns: runs(300) },
  );
});
