import type { Clock, Timer } from "../clock.js";

/** Runs something once, a while after the first of any number of requests. */
export class Delayed {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #run: () => void;
  #timer: Timer | undefined;

  constructor(clock: Clock, ms: number, run: () => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#run = run;
  }

  request(): void {
    this.#timer ??= this.#clock.setTimeout(() => {
      this.#timer = undefined;
      this.#run();
    }, this.#ms);
  }

  /** Forgets the request; true when there was one. */
  cancel(): boolean {
    if (this.#timer === undefined) return false;
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    return true;
  }
}
