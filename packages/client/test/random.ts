/** Numbers from 0 to 1 that are the same for the same seed; the generator of Park and Miller. */
export function seeded(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
