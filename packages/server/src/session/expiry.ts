import type { Clock, Timer } from "../clock.js";

/** How long a connection may stay after its end, so that a client which is about to show a new token is not cut. */
const graceMs = 5_000;
/** Timers do not reach further than 24 days. */
const longestTimerMs = 86_400_000;

/** The end of what is known of a user, as of the token they came with, on one connection. */
export class Expiry {
  readonly #clock: Clock;
  readonly #cut: () => void;
  #expiresAt: number | undefined;
  #timer: Timer | undefined;

  /** `cut` ends the connection. */
  constructor(clock: Clock, cut: () => void) {
    this.#clock = clock;
    this.#cut = cut;
  }

  /** Whether it has come: nothing is to be done for the user any more. */
  get isOver(): boolean {
    return this.#expiresAt !== undefined && this.#clock.now() >= this.#expiresAt;
  }

  /** Sets it, whatever it was. Without a time there is none. */
  set(expiresAt: number | undefined): void {
    this.clear();
    this.#expiresAt = expiresAt;
    if (expiresAt !== undefined) this.#watch(expiresAt + graceMs);
  }

  clear(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #watch(end: number): void {
    const leftMs = end - this.#clock.now();
    if (leftMs <= 0) return this.#cut();
    this.#timer = this.#clock.setTimeout(() => this.#watch(end), Math.min(leftMs, longestTimerMs));
  }
}
