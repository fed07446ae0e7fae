import type { BaselineResult } from "../baselines/run-baseline.ts";
import type { ControlResult } from "../controls/run-control.ts";
import type { ScenarioResult } from "./figures.ts";

/** Everything a run came to. */
export interface RunReport {
  seed: string;
  form: "full" | "short" | "chosen";
  machine: string;
  date: string;
  scenarios: ScenarioResult[];
  controls: ControlResult[];
  baselines: BaselineResult[];
  /** What was left out, and why. */
  leftOut: string[];
  seconds: number;
}

/** Where a run leaves its report. */
export const reportFile = "test-results/chaos.json";
