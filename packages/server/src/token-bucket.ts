import type { Clock } from "./clock.js";

/** How often something may be done: `burst` at once, then `perSecond`. */
export interface Rate {
  burst: number;
  perSecond: number;
}

/** Whether something is a {@link Rate} that lets anything through. */
export function isRate(rate: unknown): boolean {
  if (typeof rate !== "object" || rate === null || !("burst" in rate && "perSecond" in rate)) return false;
  const { burst, perSecond } = rate;
  return typeof burst === "number" && typeof perSecond === "number" && burst >= 1 && perSecond > 0 && Number.isFinite(burst + perSecond);
}

/** Counts what was done against a {@link Rate}. */
export class TokenBucket {
  readonly #rate: Rate;
  readonly #clock: Clock;
  #tokens: number;
  #filledAt: number;

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
    this.#tokens = rate.burst;
    this.#filledAt = clock.now();
  }

  /** Takes what `cost` asks for and gives 0, or takes nothing and gives the milliseconds until it would. A cost above the burst counts as the burst. */
  take(cost = 1): number {
    this.#fill();
    const missing = Math.min(cost, this.#rate.burst) - this.#tokens;
    if (missing > 0) return Math.ceil((missing / this.#rate.perSecond) * 1_000);
    this.#tokens = Math.max(0, this.#tokens - cost);
    return 0;
  }

  /** True when nothing is taken, so that it may be forgotten. */
  get isFull(): boolean {
    this.#fill();
    return this.#tokens >= this.#rate.burst;
  }

  #fill(): void {
    const now = this.#clock.now();
    const passedMs = Math.max(0, now - this.#filledAt);
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + (passedMs / 1_000) * this.#rate.perSecond);
    this.#filledAt = now;
  }
}
