import type { Scenario } from "./scenario.ts";

/** Nothing happens: for faults that are in the programs themselves. */
export const calmDay = (seconds: number): Scenario => ({
  id: "F0",
  title: "nothing happens",
  disturb: (arena) => arena.pass(1_000 * seconds),
});
