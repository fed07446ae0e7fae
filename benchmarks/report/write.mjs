import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../test-results/benchmarks/", import.meta.url));

/** Keeps what a benchmark measured, to be compared later. */
export function writeReport(name, report) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${name}.json`, JSON.stringify({ benchmark: name, date: new Date().toISOString(), ...report }, undefined, 1));
}
