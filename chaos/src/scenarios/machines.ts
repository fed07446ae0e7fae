import type { Scenario } from "./scenario.ts";

/** The disk fills up under load, and is freed again. */
export const diskFull: Scenario = {
  id: "F11",
  title: "the store's disk is full, twice for 3 s",
  smallDisk: true,
  async disturb(arena) {
    for (let times = 0; times < 2; times++) {
      await arena.pass(2_500);
      await arena.node.ask("fillDisk", undefined as never);
      await arena.pass(3_000);
      await arena.node.ask("freeDisk", undefined as never);
    }
    await arena.pass(2_000);
  },
};

const dayMs = 24 * 3_600_000;

/** Clients whose calendar is wrong, and jumps. */
export const wrongCalendars: Scenario = {
  id: "F12",
  title: "clients' calendars are a day ahead or behind, and jump, with reloads in between",
  async disturb(arena) {
    for (const [ahead, behind] of [[dayMs, -dayMs], [-dayMs, dayMs], [0, -dayMs], [3_600_000, 0]] as const) {
      await Promise.all(arena.workers.map((worker, index) => worker.ask("setCalendar", (index % 2 === 0 ? ahead : behind) as never)));
      await arena.pass(1_500);
      arena.rough.cutAll("rst");
      await Promise.all(arena.workers.map((worker) => worker.ask("reload", worker.names.filter((_, index) => index % 3 === 0) as never)));
      await arena.pass(1_500);
    }
  },
};

/** A laptop is closed and opened. */
export const frozenClients: Scenario = {
  id: "F14",
  title: "half of the clients are frozen for 8 s and wake up (SIGSTOP, SIGCONT)",
  async disturb(arena) {
    const [sleeper] = arena.workers;
    if (sleeper === undefined) return;
    await arena.pass(2_000);
    await arena.harming(sleeper.names, 5_000, async () => {
      await sleeper.freeze();
      await arena.pass(8_000);
      await sleeper.wake();
    });
    await arena.pass(2_500);
  },
};
