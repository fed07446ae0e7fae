import type { Scenario } from "./scenario.ts";

/** The same commands, again and again, at the same time, from two pages. */
export const doubledSubmits = (count: number): Scenario => ({
  id: "F13",
  title: "each batch is asked up to 3 times at once, and two tabs with one outbox are reloaded while they send",
  size: { people: 4, tabs: 2 },
  faults: { isRepeating: true },
  async disturb(arena) {
    for (let times = 0; times < count; times++) {
      await arena.pass(1_200);
      // What waits in the outbox when a page opens is sent by both.
      arena.rough.cutAll("rst");
      await Promise.all(arena.workers.map((worker) => worker.ask("reload", worker.names.filter(() => arena.random() < 0.5))));
    }
    await arena.pass(1_500);
  },
});

/** The page goes away in the middle of sending, and comes back. */
export const reloads: Scenario = {
  id: "F15",
  title: "clients are killed with unsent commands while the server is away, and start again, 2 times",
  async disturb(arena) {
    for (const worker of arena.workers) {
      await arena.pass(1_500);
      await arena.killNode();
      await arena.pass(1_200);
      await worker.kill();
      await Promise.all([worker.start(), arena.node.start()]);
      await worker.ask("start");
    }
    await arena.pass(3_000);
  },
};
