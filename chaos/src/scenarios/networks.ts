import type { Arena } from "./arena.ts";
import type { Scenario } from "./scenario.ts";

/** Cuts of every kind, five a second. */
export const cuts = (seconds: number): Scenario => ({
  id: "F3",
  title: "connections are cut (RST, FIN, inside a frame, between commit and acknowledgement), 5 a second",
  async disturb(arena) {
    for (let times = 0; times < 5 * seconds; times++) {
      await cutSomehow(arena);
      await arena.pass(200);
    }
  },
});

/** One cut, by chance which. */
export async function cutSomehow(arena: Arena): Promise<void> {
  const { rough, random } = arena;
  const choice = random();
  if (choice < 0.3) rough.cutOne("rst");
  else if (choice < 0.5) rough.cutOne("fin");
  else if (choice < 0.9) rough.cutOneAfter(Math.floor(random() * 4_000));
  else {
    // The commits happen, and nobody is told.
    rough.down.isDead = true;
    await arena.pass(200);
    rough.cutAll("rst");
    rough.down.isDead = false;
  }
}

/** Nobody closes anything, and nothing arrives. */
export const halfOpen: Scenario = {
  id: "F4",
  title: "connections go dead without a word, first towards the client, then both ways, 6 s each",
  async disturb(arena) {
    const { rough } = arena;
    await arena.harming(arena.roughNames, 50_000, async () => {
      await arena.pass(2_000);
      rough.down.isDead = true;
      await arena.pass(6_000);
      rough.calm();
      await arena.pass(4_000);
      rough.down.isDead = rough.up.isDead = true;
      await arena.pass(6_000);
      rough.calm();
    });
  },
};

/** Readers that take far less than they are sent. */
export const slowReaders: Scenario = {
  id: "F5",
  title: "three in four clients read 8 KB a second for 12 s",
  async disturb(arena) {
    await arena.harming(arena.roughNames, 20_000, async () => {
      arena.rough.down.bytesPerSecond = 8_192;
      await arena.pass(12_000);
    });
  },
};

/** A bad mobile network. */
export const farAway: Scenario = {
  id: "F6",
  title: "150 to 250 ms each way and 64 KB a second",
  async disturb(arena) {
    const { up, down } = arena.rough;
    await arena.harming(arena.roughNames, 10_000, async () => {
      for (const way of [up, down]) Object.assign(way, { latencyMs: 150, jitterMs: 100, bytesPerSecond: 65_536 });
      await arena.pass(12_000);
    });
  },
};

/** What a bus between servers may do to what is pushed; the connections stay. */
export const lossyPushes = (seconds: number): Scenario => ({
  id: "F9",
  title: "of what is pushed, 15 % is lost, 10 % doubled, 15 % late and out of order",
  faults: { lost: 0.15, doubled: 0.1, late: 0.15 },
  async disturb(arena) {
    await arena.pass(1_000 * seconds);
  },
});

/** The last word of a conversation is lost, and nothing follows that would show the hole. */
export const lostTail: Scenario = {
  id: "F9b",
  title: "everything pushed in the last second is lost",
  async disturb(arena) {
    await arena.pass(4_000);
    await arena.setFaults({ lost: 1 });
    await arena.pass(1_000);
    await Promise.all(arena.workers.map((worker) => worker.ask("stop")));
    await arena.pass(1_000);
  },
};
