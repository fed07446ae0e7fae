import { calmDay } from "../scenarios/calm.ts";
import { cuts, lossyPushes } from "../scenarios/networks.ts";
import { reloads } from "../scenarios/pages.ts";
import type { Control } from "./control.ts";

/** Bugs of the client. */
export const clientControls: readonly Control[] = [
  {
    title: "the client's cursor is the highest event instead of the last one without a hole before it",
    mutations: [
      {
        file: "packages/client/src/room/room-log.ts",
        find: "if (this.#cursor !== undefined && event.seq === this.#cursor.seq + 1) this.#apply(event);",
        replace: "if (this.#cursor !== undefined && event.seq > this.#cursor.seq) this.#apply(event);",
      },
    ],
    scenario: lossyPushes(3),
    caughtBy: "I4",
    patienceMs: 2_000,
  },
  {
    title: "the client does not ask for events that are missing",
    mutations: [
      {
        file: "packages/client/src/room/room-sync.ts",
        find: "if (this.#isMending || !this.#isJoined || after === undefined) return;",
        replace: "if (this.#isMending || !this.#isJoined || after !== undefined) return;",
      },
    ],
    scenario: lossyPushes(3),
    caughtBy: "I8",
    patienceMs: 12_000,
  },
  {
    title: "the client asks again under a new id",
    mutations: [
      {
        file: "packages/client/src/outbox/outbox.ts",
        find: "this.#around.send(batch.map(({ write }) => write))",
        replace: `this.#around.send(
          batch.map(({ write, breaks = 0 }) => {
            if (this.#failures + breaks === 0) return write;
            return { ...write, input: { ...write.input, id: write.input.id.slice(0, -6) + String(Math.random()).slice(-6) } } as typeof write;
          }),
        )`,
      },
    ],
    scenario: cuts(6),
    caughtBy: "I2",
    patienceMs: 2_000,
  },
  {
    title: "the client does not keep what is unsent over a reload",
    mutations: [{ file: "packages/client/src/outbox/outbox-shelf.ts", find: "void this.#storage.set(this.key + idOf(item), item);", replace: "" }],
    scenario: reloads,
    caughtBy: "I11",
    patienceMs: 2_000,
  },
  {
    title: "the client goes on keeping what is done",
    mutations: [{ file: "packages/client/src/outbox/outbox-shelf.ts", find: "void this.#storage.delete(this.key + id);", replace: "" }],
    scenario: calmDay(2),
    caughtBy: "I12",
    patienceMs: 2_000,
  },
];
