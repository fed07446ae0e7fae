import { check } from "../checker/check.ts";
import type { Evidence } from "../checker/evidence.ts";
import { ledgersOf } from "../checker/ledger.ts";
import { figuresOf, type ScenarioResult } from "../report/figures.ts";
import { readHistories, steadyNow } from "../history/history.ts";
import { ourCast, type Cast } from "../processes/cast.ts";
import type { Mutation } from "../sources/mutation.ts";
import { Arena, roomNames } from "./arena.ts";
import { converge } from "./converge.ts";
import { sqliteGround } from "./ground.ts";
import type { Scenario } from "./scenario.ts";

const warmUpMs = 1_500;

export interface RunOptions {
  seed: string;
  mutations?: readonly Mutation[];
  /** Who plays; our own packages when left out. */
  cast?: Cast;
  /** After so long without convergence a run is given up. */
  patienceMs?: number;
}

/** Runs one scenario from nothing to nothing: start, load, harm, heal, converge, observe, check. */
export async function runScenario(scenario: Scenario, { seed, mutations = [], cast = ourCast, patienceMs = 60_000 }: RunOptions): Promise<ScenarioResult> {
  const began = performance.now();
  const { id, title, size, ground: openGround = sqliteGround, nodes = 1, smallDisk = false } = scenario;
  const arena = await Arena.open({ seed: `${seed} ${id}`, size, openGround, nodes, mutations, smallDisk, cast });
  try {
    const memory = watchMemory(arena);
    if (scenario.faults !== undefined) await arena.setFaults(scenario.faults);
    await Promise.all(arena.workers.map((worker) => worker.ask("start")));
    await arena.pass(warmUpMs);
    await scenario.disturb(arena);
    for (const network of [arena.rough, arena.steady]) network.calm();
    await arena.setFaults({ lost: 0, doubled: 0, late: 0, isRepeating: false });
    const healedAt = steadyNow();
    await Promise.all(arena.workers.map((worker) => worker.ask("stop")));
    const { convergeMs, stragglers } = await converge(arena, patienceMs);
    const rssGrowth = memory.stop();
    const complaints = (await Promise.all(arena.nodes.map((node) => node.ask("complaints")))).flat();

    const observers = await arena.openObservers();
    await Promise.all([...arena.workers.map((worker) => worker.ask("finish", false)), observers.ask("finish", true)]);
    const states = (await Promise.all(arena.workers.map((worker) => worker.ask("state")))).flat();
    const dumps = await arena.node.ask("dump", roomNames);
    await Promise.all([...arena.workers, observers].map((worker) => worker.ask("close")));
    const leftConnections = await leftOver(arena);
    await observers.kill();

    const evidence: Evidence = {
      records: readHistories([...arena.workers, observers].flatMap(({ histories }) => histories)),
      ledgers: ledgersOf(dumps),
      windows: arena.windows,
      killed: arena.workers.flatMap(({ names, deaths }) => deaths.flatMap((at) => names.map((client) => ({ client, at })))),
      stragglers,
      resources: { rssGrowth, leftConnections, keptCommands: states.reduce((sum, { kept }) => sum + kept, 0) },
    };
    const violations = check(evidence);
    return { ...figuresOf(evidence, violations, arena.kills), id, title, convergeMs, healedAt, complaints, seconds: (performance.now() - began) / 1_000 };
  } finally {
    await arena.close();
  }
}

/** How much more memory than at the start the server had at worst, where it lived on. */
function watchMemory(arena: Arena): { stop(): number } {
  const samples: number[] = [];
  const timer = setInterval(() => {
    // A server that is down has no memory.
    void Promise.resolve()
      .then(() => arena.node.ask("resources"))
      .then(({ rss }) => samples.push(rss), () => undefined);
  }, 1_000);
  return {
    stop() {
      clearInterval(timer);
      return Math.max(0, ...samples) - (samples[0] ?? 0);
    },
  };
}

/** A server notices within 25 s that a client is gone without a word. */
const noticedMs = 30_000;

/** The connections that are left when everybody has gone, after some time to notice. */
async function leftOver(arena: Arena): Promise<number> {
  for (const began = performance.now(); ; ) {
    const used = await Promise.all(arena.nodes.map((node) => node.ask("resources")));
    const left = used.reduce((sum, { connections }) => sum + connections, 0);
    if (left === 0 || performance.now() - began > noticedMs) return left;
    await arena.pass(100);
  }
}
