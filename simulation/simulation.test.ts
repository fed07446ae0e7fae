import { expect, it } from "vitest";
import { controls } from "./controls.js";
import { simulate, sizeOf } from "./simulate.js";

const first = Number(process.env["SIMULATION_SEED"] ?? 1);
const count = Number(process.env["SIMULATION_SEEDS"] ?? 30);

it.each(Array.from({ length: count }, (_, n) => first + n))("every promise is kept whatever breaks (seed %i)", { timeout: 120_000 }, async (seed) => {
  const { faults, acknowledged } = await simulate(seed, sizeOf(seed));
  expect(faults).toEqual([]);
  expect(acknowledged).toBeGreaterThan(10);
});

it.each(Object.entries(controls))("notices a database that %s", { timeout: 120_000 }, async (_, { store, seen }) => {
  const { faults } = await simulate(1, sizeOf(1), store);
  expect(faults.join("\n")).toMatch(seen);
});
