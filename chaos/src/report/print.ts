import type { ControlResult } from "../controls/run-control.ts";
import type { BaselineResult } from "../baselines/run-baseline.ts";
import type { ScenarioResult } from "./figures.ts";

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

/** One line for a scenario, and its violations. */
export function printScenario(result: ScenarioResult): void {
  const { id, title, acknowledged, lost, doubled, disordered, violations, convergeMs, stalenessMs, firstAckMs, ackMs, bystanderAckMs, rssGrowth, complaints } = result;
  const isGood = violations.length === 0;
  console.log(`${isGood ? "pass" : "FAIL"} ${id} ${title}`);
  console.log(`     ${acknowledged} acknowledged, ${lost} lost, ${doubled} doubled, ${disordered} out of order; converged in ${seconds(convergeMs)}, at most ${seconds(stalenessMs)} behind` +
    `; acknowledged after ${ackMs.p50} ms (half), ${ackMs.p99} ms (99 in 100)${bystanderAckMs === undefined ? "" : `, ${bystanderAckMs} ms for bystanders`}; memory +${Math.round(rssGrowth / 2 ** 20)} MB${firstAckMs.length > 0 ? `; first after a kill: ${firstAckMs.join(", ")} ms` : ""}; ${seconds(1_000 * result.seconds)}`);
  if (isGood) return;
  for (const [invariant, own] of Object.entries(Object.groupBy(violations, ({ invariant }) => invariant))) {
    console.log(`     ${invariant}: ${own.length} times, such as:`);
    for (const { detail } of own.slice(0, 3)) console.log(`       ${detail}`);
  }
  for (const complaint of new Set(complaints.slice(0, 5))) console.log(`     the server said: ${complaint}`);
}

export function printControl({ title, scenario, caughtBy, isCaught, broken, example }: ControlResult): void {
  console.log(`${isCaught ? "pass" : "FAIL"} control under ${scenario}: ${title}`);
  console.log(`     ${isCaught ? `caught by ${caughtBy}: ${example}` : `${caughtBy} does not see it; broken are ${Object.keys(broken).join(", ") || "none"}`}`);
}

export function printBaseline({ id, way, acknowledged, lost, doubled, disordered }: BaselineResult): void {
  console.log(`     baseline "${way}" under ${id}: ${acknowledged} acknowledged, ${lost} lost, ${doubled} doubled, ${disordered} out of order`);
}
