import type { Clock, Timer } from "../src/clock.js";

/** A clock that a test moves by hand. */
export class ManualClock implements Clock {
  #now: number;
  #nextId = 1;
  readonly #timers = new Map<Timer, { at: number; callback: () => void }>();

  constructor(now = 1_800_000_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): Timer {
    const id = this.#nextId++;
    this.#timers.set(id, { at: this.#now + ms, callback });
    return id;
  }

  clearTimeout(timer: Timer): void {
    this.#timers.delete(timer);
  }

  /** Lets time pass; timers run in the order they are due. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [due] = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (due === undefined) break;
      const [id, { at, callback }] = due;
      this.#timers.delete(id);
      this.#now = at;
      callback();
    }
    this.#now = end;
  }
}
