import { Session } from "node:inspector/promises";
import { expect, it } from "vitest";

// Counting begins before the code is compiled, so that each of its blocks is counted.
const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
const { formatOf } = await import("./format.js");
const { plainTextOf } = await import("./plain-text.js");

/** How often any block of the code of this folder ran since it was asked last. */
async function stepsTaken(): Promise<number> {
  const { result } = await session.post("Profiler.takePreciseCoverage");
  const ours = result.filter(({ url }) => /protocol\/src\/text\/[\w-]+\.ts$/u.test(url) && !url.endsWith(".test.ts"));
  return ours.flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count))).reduce((sum, count) => sum + count, 0);
}

async function stepsOf(run: () => unknown): Promise<number> {
  await stepsTaken();
  run();
  return stepsTaken();
}

const parts = [
  "*", "_", "~", "`", "```", "[", "](", "<", "&", ">", "a", " ", "\n", "http://", "www.", "mailto:", "a@", "mailto:a", ")", "(", "https://a.example/)", "http://%",
  "*a ", "_a *b ~c ", "*a _b ~c\n", "*a* ", "*_~a~_* ", "`a ", "``a` ", "[a", "[a](", "[a](https://b", "[a](https://b(", "[a](https://b) ", "[https://a](https://b) ",
  "\n```", "\n```js", "\n```\na", "\n- a", "\n- ", "\n1. a", "\n2. a\n1. b", "\n> a", "\n>", "\n> 3", "https://a.example/!!!", "\uD83D", "🎉*", "e\u0301", "\u202E",
];

it.each(parts)("takes no more than in proportion for %j said four times as often", async (part) => {
  const short = part.repeat(Math.ceil(8_192 / part.length));
  const long = part.repeat(Math.ceil(8_192 / part.length) * 4);
  for (const read of [formatOf, plainTextOf]) {
    const few = await stepsOf(() => read(short));
    const many = await stepsOf(() => read(long));
    expect(few).toBeGreaterThan(0);
    // What the engine compiles anew is counted a little differently; what grows by the square takes sixteen times the steps.
    expect(many).toBeLessThanOrEqual(5 * few);
    expect(many).toBeLessThanOrEqual(60 * long.length + 1_000);
  }
});
