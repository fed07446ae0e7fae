import { calmDay } from "../scenarios/calm.ts";
import { killAndRestart } from "../scenarios/kills.ts";
import { cuts, lostTail } from "../scenarios/networks.ts";
import { doubledSubmits } from "../scenarios/pages.ts";
import type { Mutation } from "../sources/mutation.ts";
import type { Control } from "./control.ts";

const database = "packages/server/src/stores/sqlite/sqlite-database.ts";
const migrations = "packages/server/src/stores/sqlite/migrations.ts";

/** No bug but a fault: so many transactions of a hundred cannot be committed. */
const failing = (percent: number): Mutation => ({
  file: database,
  find: '      this.#database.exec("commit");',
  replace: `      if (Math.random() < ${percent / 100}) throw new Error("the disk is tired");\n      this.#database.exec("commit");`,
});
const failingCommits = failing(5);

/** Bugs of the server. */
export const serverControls: readonly Control[] = [
  {
    title: "the server acknowledges before it commits",
    mutations: [
      { file: database, find: '      this.#database.exec("commit");\n', replace: "" },
      {
        file: database,
        find: 'this.#database.exec("begin immediate");',
        replace: `const late = this as unknown as { isOpen?: boolean };
        if (late.isOpen !== true) {
          this.#database.exec("begin immediate");
          late.isOpen = true;
          setTimeout(() => {
            this.#database.exec("commit");
            late.isOpen = false;
          }, 400);
        }`,
      },
    ],
    scenario: killAndRestart(1),
    caughtBy: "I1",
    patienceMs: 3_000,
  },
  {
    title: "the server does not notice that an id was used before",
    mutations: [
      { file: "packages/server/src/stores/room-draft.ts", find: "if (before !== undefined) return isRepeat", replace: "if (before === null) return isRepeat" },
      { file: migrations, find: "create unique index events_by_id", replace: "create index events_by_id" },
      { file: migrations, find: "create unique index messages_by_id", replace: "create index messages_by_id" },
    ],
    scenario: doubledSubmits(2),
    caughtBy: "I2",
    patienceMs: 2_000,
  },
  {
    title: "the server publishes before it commits",
    mutations: [
      failingCommits,
      {
        file: "packages/server/src/rooms/room-log.ts",
        find: "      results = await this.#store.append(",
        replace: `      const [head = 0] = await this.#store.heads([this.#roomId]);
      this.#onCommitted(jobs.flatMap(({ appends }) => appends).map(({ draft, at }, index) => ({ ...draft, at, seq: head + 1 + index }) as RoomEvent));
      results = await this.#store.append(`,
      },
    ],
    scenario: calmDay(3),
    caughtBy: "I5",
    patienceMs: 2_000,
  },
  {
    title: "the server counts places in memory and does not look again after a commit failed",
    mutations: [
      failingCommits,
      {
        file: database,
        find: "new RoomDraft(this.#head(roomId), {",
        replace: "new RoomDraft(((this as unknown as { counts?: Map<string, number> }).counts ??= new Map<string, number>()).get(roomId) ?? this.#head(roomId), {",
      },
      { file: database, find: "const [first] = events;", replace: "const [first] = events;\n    (this as unknown as { counts: Map<string, number> }).counts.set(roomId, head);" },
    ],
    scenario: calmDay(3),
    caughtBy: "I3",
    patienceMs: 2_000,
  },
  {
    title: "the server goes on with a batch after a write of it could not be committed",
    mutations: [failing(25), { file: "packages/server/src/commands/batch.ts", find: "if (!isPlain && !(await this.#commit())) break;", replace: "if (!isPlain) await this.#commit();" }],
    scenario: cuts(4),
    caughtBy: "I7",
    patienceMs: 8_000,
  },
  {
    title: "the server does not tell where logs end, and the last message is lost on its way",
    mutations: [{ file: "packages/server/src/rooms/feed/head-watch.ts", find: "      this.#tellHeads();\n", replace: "" }],
    scenario: lostTail,
    caughtBy: "I8",
    patienceMs: 12_000,
  },
];
