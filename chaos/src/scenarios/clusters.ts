import { clusterGround } from "./cluster-ground.ts";
import type { Scenario } from "./scenario.ts";

const cluster = { ground: clusterGround, nodes: 2 } as const;

/** Half of the visitors lose their server, the others hear nothing of it but who is left. */
export const killOneOfTwo: Scenario = {
  ...cluster,
  id: "F1b",
  title: "one of two servers is killed (SIGKILL) and started again, 3 times",
  async disturb(arena) {
    for (let times = 0; times < 3; times++) {
      const node = arena.nodes[times % arena.nodes.length];
      await arena.killNode(node);
      await arena.pass(1_500);
      await node?.start();
      await arena.pass(2_000 + 1_000 * arena.random());
    }
  },
};

/** What the servers would tell each other is lost. */
export const brokerAway: Scenario = {
  ...cluster,
  id: "F7",
  title: "Redis is killed and comes back empty, after 0.6 s, after 4 s and after 10 s",
  async disturb(arena) {
    for (const awayMs of [600, 4_000, 10_000]) {
      await arena.pass(2_500);
      await arena.ground.broker?.kill();
      await arena.pass(awayMs);
      await arena.ground.broker?.start();
    }
    await arena.pass(3_000);
  },
};

/** A server that stands still hears nothing, and its visitors come to another. */
export const frozenServer: Scenario = {
  ...cluster,
  id: "F8",
  title: "one of two servers is frozen for 5 s (SIGSTOP, SIGCONT)",
  async disturb(arena) {
    await arena.pass(2_500);
    await arena.harming(arena.everybody, 6_000, async () => {
      await arena.node.freeze();
      await arena.pass(5_000);
      await arena.node.wake();
    });
    await arena.pass(4_000);
  },
};

/** What was being committed may have been, or not. */
export const databaseCrashes: Scenario = {
  ...cluster,
  id: "F10",
  title: "PostgreSQL's connections are cut while they commit, 20 times, and it crashes and recovers, twice",
  async disturb(arena) {
    for (let times = 0; times < 2; times++) {
      for (let cuts = 0; cuts < 10; cuts++) {
        await arena.pass(200);
        await arena.ground.database?.cutConnections();
      }
      await arena.ground.database?.crash();
      await arena.pass(2_500);
    }
  },
};
