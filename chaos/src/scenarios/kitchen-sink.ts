import { pick } from "../random.ts";
import type { Arena } from "./arena.ts";
import { cutSomehow } from "./networks.ts";
import type { Scenario } from "./scenario.ts";

type Harm = (arena: Arena) => Promise<unknown>;

const harms: readonly Harm[] = [
  async (arena) => {
    await arena.killNode();
    await arena.pass(1_000 * arena.random());
    await arena.node.start();
  },
  cutSomehow,
  cutSomehow,
  async ({ rough, random }) => Object.assign(pick(random, [rough.up, rough.down]), { latencyMs: 200 * random(), jitterMs: 100 * random(), bytesPerSecond: 65_536 }),
  async ({ rough, pass, random }) => {
    pick(random, [rough.up, rough.down]).isDead = true;
    await pass(1_500);
    rough.calm();
    rough.cutAll("rst");
  },
  (arena) => arena.setFaults({ lost: 0.2 * arena.random(), late: 0.2 * arena.random(), doubled: 0.2, isRepeating: arena.random() < 0.5 }),
  async ({ workers, random }) => {
    const worker = pick(random, workers);
    await worker.ask("reload", worker.names.filter(() => random() < 0.5));
  },
  async ({ workers, random, pass }) => {
    const worker = pick(random, workers);
    await worker.freeze();
    await pass(2_000 * random());
    await worker.wake();
  },
  async ({ workers, random }) => {
    const worker = pick(random, workers);
    await worker.kill();
    await worker.start();
    await worker.ask("start");
  },
];

/** Everything, by the seed. */
export const kitchenSink: Scenario = {
  id: "F16",
  title: "all of it, by chance, for 30 s",
  async disturb(arena) {
    const until = performance.now() + 30_000;
    await arena.harming(
      arena.workers.flatMap(({ names }) => names),
      20_000,
      async () => {
        while (performance.now() < until) {
          await pick(arena.random, harms)(arena);
          await arena.pass(300 + 900 * arena.random());
          if (arena.random() < 0.3) arena.rough.calm();
        }
      },
    );
  },
};
