import type { Scenario } from "./scenario.ts";

/** The server dies under load and is started again, again and again. */
export const killAndRestart = (count: number): Scenario => ({
  id: "F1",
  title: `a server is killed (SIGKILL) and started again, ${count} times`,
  async disturb(arena) {
    for (let times = 0; times < count; times++) {
      await arena.killNode();
      await arena.pass(1_000);
      await arena.node.start();
      await arena.pass(2_500 + 1_000 * arena.random());
    }
  },
});

/** Nothing is left running that could remember: what comes back comes from the disk. */
export const killEverything: Scenario = {
  id: "F2",
  title: "all servers are killed at once and stay away for 5 s",
  async disturb(arena) {
    await arena.pass(3_000);
    await arena.killNode();
    await arena.pass(5_000);
    await arena.node.start();
    await arena.pass(4_000);
  },
};
