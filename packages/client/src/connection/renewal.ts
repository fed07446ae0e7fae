import { ChatError } from "@chat-widget/protocol";
import { backOffMs } from "../back-off.js";
import { Alarm, type Clock } from "../clock.js";
import type { Logger } from "../logger.js";

/** What it takes to renew a session. */
export interface RenewalOptions {
  clock: Clock;
  random: () => number;
  logger: Logger;
  /** Shows the server a new token; missing where there is none to show, as with a cookie. What it leads to is learned by {@link Renewal.learn}. */
  refresh: (() => Promise<unknown>) | undefined;
  /** Begins the session anew, with whatever the page has then. */
  reconnect(): void;
}

/** How long before its end a session is renewed, a quarter more or less so that many clients do not ask at once. */
const aheadMs = 60_000;
/** Timers do not reach further than 24 days. */
const longestTimerMs = 86_400_000;
const leastMs = 1_000;

/** Renews a session before it ends. */
export class Renewal {
  readonly #options: RenewalOptions;
  readonly #alarm: Alarm;
  #endsAt = 0;
  #failures = 0;

  constructor(options: RenewalOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock, () => void this.#ring());
  }

  /** When the session ends, by our clock; without it there is nothing to renew. */
  learn(endsAt: number | undefined): void {
    this.#alarm.clear();
    this.#failures = 0;
    if (endsAt === undefined) return;
    this.#endsAt = endsAt;
    this.#wait();
  }

  /** Until it is time, or for half of what is left where that is little. */
  #wait(): void {
    const ahead = this.#options.refresh === undefined ? -this.#options.random() * leastMs : aheadMs * (0.75 + this.#options.random() / 2);
    const waitMs = Math.max(this.#leftMs - ahead, this.#leftMs / 2, leastMs);
    this.#alarm.reset(Math.min(waitMs, longestTimerMs));
  }

  get #leftMs(): number {
    return this.#endsAt - this.#options.clock.now();
  }

  async #ring(): Promise<void> {
    const { refresh, reconnect, random, logger } = this.#options;
    if (this.#leftMs > 2 * aheadMs) return this.#wait();
    if (refresh === undefined) return reconnect();
    const endsAt = this.#endsAt;
    try {
      await refresh();
    } catch (error) {
      // The session ended meanwhile, or another began: that one is learned of.
      if (endsAt !== this.#endsAt || this.#alarm.isSet) return;
      logger.warn({ code: ChatError.is(error) ? error.code : "internal" }, "unable to renew the session yet; it is tried again until it ends");
      if (this.#leftMs <= 0) return reconnect();
      const afterMs = (ChatError.is(error) && error.retryAfterMs) || 0;
      this.#alarm.reset(Math.max(afterMs, backOffMs(this.#failures++, random), leastMs));
    }
  }
}
