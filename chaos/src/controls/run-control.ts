import type { Invariant } from "../checker/evidence.ts";
import { invariants } from "../checker/evidence.ts";
import { runScenario } from "../scenarios/run-scenario.ts";
import type { Control } from "./control.ts";

export interface ControlResult {
  title: string;
  scenario: string;
  caughtBy: Invariant;
  isCaught: boolean;
  /** How often each invariant was broken. */
  broken: Partial<Record<Invariant, number>>;
  /** One thing that was found. */
  example: string;
  seconds: number;
}

/** Some bugs need luck to show. */
const mostRuns = 3;

/** Runs the programs with the bug in them, until it is caught. */
export async function runControl(control: Control, seed: string): Promise<ControlResult> {
  for (let run = 1; ; run++) {
    try {
      const result = await runOnce(control, run === 1 ? seed : `${seed}.${run}`);
      if (result.isCaught || run === mostRuns) return result;
    } catch (error) {
      // A program with a bug in it may come to no end. That alone is no proof that it was noticed.
      if (run === mostRuns) throw error;
    }
  }
}

async function runOnce({ title, mutations, scenario, caughtBy, patienceMs }: Control, seed: string): Promise<ControlResult> {
  const { violations, seconds } = await runScenario(scenario, { seed, mutations, patienceMs });
  const broken: ControlResult["broken"] = {};
  for (const invariant of Object.keys(invariants) as Invariant[]) {
    const count = violations.filter((violation) => violation.invariant === invariant).length;
    if (count > 0) broken[invariant] = count;
  }
  const example = violations.find(({ invariant }) => invariant === caughtBy)?.detail ?? "";
  return { title, scenario: scenario.id, caughtBy, isCaught: broken[caughtBy] !== undefined, broken, example, seconds };
}
