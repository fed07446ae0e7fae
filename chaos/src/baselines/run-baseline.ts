import { killAndRestart } from "../scenarios/kills.ts";
import { cuts } from "../scenarios/networks.ts";
import { doubledSubmits } from "../scenarios/pages.ts";
import { runScenario } from "../scenarios/run-scenario.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { ScenarioResult } from "../report/figures.ts";
import type { Way } from "./wire.ts";

/** What the plain chats go through. */
export const baselineScenarios: readonly Scenario[] = [killAndRestart(2), cuts(6), doubledSubmits(3)];

export interface BaselineResult extends ScenarioResult {
  way: Way;
}

/** Runs a plain chat under the same faults, seen by the same checker. */
export async function runBaseline(way: Way, scenario: Scenario, seed: string): Promise<BaselineResult> {
  const result = await runScenario(scenario, { seed, cast: { node: "baselines/node.ts", worker: "baselines/worker.ts", way }, patienceMs: 5_000 });
  return { ...result, way };
}
