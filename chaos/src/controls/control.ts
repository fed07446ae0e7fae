import type { Invariant } from "../checker/evidence.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { Mutation } from "../sources/mutation.ts";

/** A bug that somebody could make, made on purpose: a checker that does not see it proves nothing. */
export interface Control {
  /** What is wrong, for the table. */
  title: string;
  mutations: readonly Mutation[];
  /** Under which it shows. */
  scenario: Scenario;
  /** The invariant that must be found broken; others may be too. */
  caughtBy: Invariant;
  /** How long everybody may take to converge before the run is over. */
  patienceMs: number;
}
