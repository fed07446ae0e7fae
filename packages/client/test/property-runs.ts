/** How often a property is tried: as often as usual, times the environment's `PROPERTY_RUNS`. */
export function runs(usual: number): number {
  return Math.ceil(usual * Number(process.env["PROPERTY_RUNS"] ?? 1));
}
