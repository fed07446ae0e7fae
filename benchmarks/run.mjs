// Runs the benchmarks, all or those named: npm run bench, npm run bench -- slow-reader
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { machine } from "./report/machine.mjs";

const parts = ["durable-sends", "slow-reader", "one-abuser", "reconnect-storm", "broker-away"];
/** None may take longer. */
const mostMs = 240_000;

const chosen = process.argv.slice(2);
const unknown = chosen.filter((part) => !parts.includes(part));
if (unknown.length > 0) {
  console.error(`unable to run ${unknown.join(", ")}; there are ${parts.join(", ")}`);
  process.exit(1);
}
const { processor, cores, memoryGb, system, node } = machine();
console.log(`${processor}, ${cores} cores, ${memoryGb} GB, ${system}, Node ${node}`);
let failed = 0;
for (const part of chosen.length > 0 ? chosen : parts) {
  console.log(`\n${part}`);
  const program = fileURLToPath(new URL(`${part}.mjs`, import.meta.url));
  const { status, error } = spawnSync(process.execPath, [program], { stdio: "inherit", timeout: mostMs });
  if (status === 0) continue;
  failed += 1;
  console.error(`unable to finish ${part}; ${error?.message ?? `it ended with ${status}`}`);
}
console.log("\nThe figures are in test-results/benchmarks.");
process.exit(failed === 0 ? 0 : 1);
