// Everything `npm test` proves, one step after the other; ends with "N passed, N failed".
// A step without tests of its own (a build, a linter) counts as one.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";

const results = "test-results/counts";
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const steps = [
  { name: "build", command: "pnpm run build" },
  { name: "types", command: "pnpm run types" },
  { name: "lint", command: "pnpm run lint" },
  { name: "packages", command: "node scripts/check-packages.mjs" },
  {
    name: "unit, contract and browser tests",
    command: `vitest run --reporter=default --reporter=json --outputFile.json=${results}/vitest.json`,
    count: () => {
      const { numPassedTests, numFailedTests, numFailedTestSuites, success } = report("vitest.json");
      return { passed: numPassedTests, failed: numFailedTests + (!success && numFailedTests === 0 ? Math.max(1, numFailedTestSuites) : 0) };
    },
  },
  {
    name: "chaos, short form",
    command: `pnpm run chaos:run --short --seed 1 --report ${results}/chaos.json`,
    count: () => {
      const { scenarios, controls } = report("chaos.json");
      const good = [...scenarios.map(({ violations }) => violations.length === 0), ...controls.map(({ isCaught }) => isCaught)];
      return { passed: good.filter(Boolean).length, failed: good.filter((isGood) => !isGood).length };
    },
  },
  {
    name: "end-to-end tests",
    command: "playwright test --reporter=list,json",
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: `${results}/playwright.json` },
    count: () => {
      const { stats, errors } = report("playwright.json");
      return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length };
    },
  },
];

const report = (file) => JSON.parse(readFileSync(`${results}/${file}`, "utf8"));

let passed = 0;
const failures = [];
for (const { name, command, env, count } of steps) {
  const started = performance.now();
  console.log(`\n### ${name}: ${command}`);
  const { status } = spawnSync(command, { shell: true, stdio: "inherit", env: { ...process.env, ...env } });
  console.log(`### ${name}: ${Math.round((performance.now() - started) / 1000)} s`);
  const counted = outcome(status === 0, count);
  passed += counted.passed;
  if (counted.failed > 0) failures.push({ name, failed: counted.failed });
}

/** A step that broke before it could count is one failure. */
function outcome(ok, count) {
  if (count === undefined) return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  try {
    const counted = count();
    return ok || counted.failed > 0 ? counted : { ...counted, failed: 1 };
  } catch (error) {
    console.error(`unable to count; ${error.message}`);
    return { passed: 0, failed: 1 };
  }
}

const failed = failures.reduce((sum, step) => sum + step.failed, 0);
for (const step of failures) console.log(`failed: ${step.name} (${step.failed})`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
