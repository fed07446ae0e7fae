import type { Scenario } from "./scenario.ts";

/** The disk fills up under load, and is freed again. */
export const diskFull: Scenario = {
  id: "F11",
  title: "the store's disk is full, twice for 3 s",
  smallDisk: true,
  async disturb(arena) {
    for (let times = 0; times < 2; times++) {
      await arena.pass(2_500);
      await arena.node.ask("fillDisk");
      await arena.pass(3_000);
      await arena.node.ask("freeDisk");
    }
    await arena.pass(2_000);
  },
};

const dayMs = 24 * 3_600_000;

/** Clients whose calendar is wrong, and jumps while they have something unsent. */
export const wrongCalendars: Scenario = {
  id: "F12",
  title: "clients' calendars jump by a day, ahead and back, with reloads and unsent commands in between",
  async disturb(arena) {
    const jump = (offsetMs: number) => Promise.all(arena.workers.map((worker) => worker.ask("setCalendar", offsetMs)));
    const reload = () => Promise.all(arena.workers.map((worker) => worker.ask("reload", worker.names.filter((_, index) => index % 2 === 0))));
    for (const away of [dayMs, 3_600_000]) {
      await arena.pass(1_500);
      await arena.killNode();
      for (const offset of [away, 0, -away]) {
        await jump(offset);
        await arena.pass(500);
        await reload();
        await arena.pass(300);
      }
      await arena.node.start();
      await arena.pass(2_000);
      await jump(away);
      await arena.pass(1_000);
    }
    await jump(0);
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
