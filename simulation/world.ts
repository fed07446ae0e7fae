import { setImmediate as nextTurn } from "node:timers/promises";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import TinyQueue from "tinyqueue";

interface Due {
  at: number;
  order: number;
  run: () => void;
}

/** Time and chance of a simulation: what is due next happens next, and the same seed gives the same again. */
export class World {
  readonly #queue = new TinyQueue<Due>([], (a, b) => a.at - b.at || a.order - b.order);
  readonly #random: () => number;
  #now = Date.UTC(2026, 0, 1);
  #order = 0;

  constructor(seed: number) {
    const generator = xoroshiro128plus(seed);
    this.#random = () => uniformFloat64(generator);
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.#now;
  }

  /** From 0 to below 1. */
  readonly random = (): number => this.#random();

  between(low: number, high: number): number {
    return low + (high - low) * this.#random();
  }

  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.#random() * items.length)];
  }

  /** Does something later; gives what takes it back. */
  after(ms: number, run: () => void): () => void {
    const due: Due = { at: this.#now + Math.max(0, ms), order: this.#order++, run };
    this.#queue.push(due);
    return () => {
      due.run = () => undefined;
    };
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve));
  }

  /** Lets this much time pass. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (let next = this.#queue.peek(); next !== undefined && next.at <= end; next = this.#queue.peek()) {
      this.#queue.pop();
      this.#now = next.at;
      next.run();
      // Whatever follows from it without time passing, in promises and in Socket.IO's own turns.
      await nextTurn();
    }
    this.#now = end;
  }
}
