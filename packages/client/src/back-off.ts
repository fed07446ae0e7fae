/** How long to wait before attempt `attempt` (from 0), in milliseconds: anything up to a bound that doubles from 300 ms to 5 s, so that many clients do not come back at once. */
export function backOffMs(attempt: number, random: () => number): number {
  return random() * Math.min(5_000, 300 * 2 ** attempt);
}
