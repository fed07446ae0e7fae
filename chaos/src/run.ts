// The proof: runs the fault matrix, the negative controls and the baselines. See docs/delivery.md.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { baselineScenarios, runBaseline } from "./baselines/run-baseline.ts";
import { ways, type Way } from "./baselines/wire.ts";
import { controls, shortControls } from "./controls/controls.ts";
import { runControl } from "./controls/run-control.ts";
import { killChildren } from "./processes/child.ts";
import { machine } from "./report/machine.ts";
import { printBaseline, printControl, printScenario } from "./report/print.ts";
import { reportFile, type RunReport } from "./report/run-report.ts";
import { hasSmallDisks } from "./scenarios/small-disk.ts";
import { runScenario } from "./scenarios/run-scenario.ts";
import { scenarios, shortScenarios } from "./scenarios/scenarios.ts";
import { root } from "./sources/mutation.ts";

const { values } = parseArgs({
  options: {
    /** Makes the same wishes and the same harm again. */
    seed: { type: "string" },
    short: { type: "boolean", default: false },
    /** Only these rows of the matrix, such as `F1,F3`; without controls and baselines. */
    only: { type: "string" },
    /** Where the report goes, from the root of the repository. */
    report: { type: "string", default: reportFile },
  },
});
const seed = values.seed ?? String(Date.now() % 1_000_000);
const chosen = values.only?.split(",");
const began = performance.now();
const report: RunReport = { seed, form: chosen ? "chosen" : values.short ? "short" : "full", machine: machine(), date: new Date().toISOString().slice(0, 10), scenarios: [], controls: [], baselines: [], leftOut: [], seconds: 0 };
console.log(`chaos, ${report.form} form, seed ${seed}, ${report.machine}`);

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void killChildren().finally(() => process.exit(1)));
let failed = 0;
try {
  await runAll();
} catch (error) {
  failed += 1;
  console.error(error);
} finally {
  await killChildren();
}
report.seconds = Math.round((performance.now() - began) / 1_000);
const file = join(root, values.report);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, JSON.stringify(report, undefined, 1));

failed += report.scenarios.filter(({ violations }) => violations.length > 0).length + report.controls.filter(({ isCaught }) => !isCaught).length;
const passed = report.scenarios.length + report.controls.length - Math.min(failed, report.scenarios.length + report.controls.length);
const sum = (name: "acknowledged" | "lost" | "doubled" | "disordered") => report.scenarios.reduce((total, result) => total + result[name], 0);
console.log(`\n${sum("acknowledged")} commands acknowledged, ${sum("lost")} lost, ${sum("doubled")} doubled, ${sum("disordered")} out of order, in ${report.seconds} s`);
console.log(`${passed} passed, ${failed} failed; again with: npm run chaos -- --seed ${seed}`);
process.exit(failed === 0 ? 0 : 1);

async function runAll(): Promise<void> {
  for (const scenario of values.short ? shortScenarios : scenarios.filter(({ id }) => chosen?.includes(id) ?? true)) {
    if (scenario.smallDisk && !hasSmallDisks()) {
      report.leftOut.push(`${scenario.id}: a disk that can be filled needs Linux and root`);
      continue;
    }
    const result = await runScenario(scenario, { seed });
    report.scenarios.push(result);
    printScenario(result);
  }
  if (chosen) return;
  for (const control of values.short ? shortControls : controls) {
    const result = await runControl(control, seed);
    report.controls.push(result);
    printControl(result);
  }
  if (values.short) return;
  for (const way of Object.keys(ways) as Way[]) {
    for (const scenario of baselineScenarios) {
      const result = await runBaseline(way, scenario, seed);
      // The tables need figures only.
      report.baselines.push({ ...result, violations: [] });
      printBaseline(result);
    }
  }
}
