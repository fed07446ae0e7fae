import { ChatError, type Identity, type SessionReady } from "@chat-widget/protocol";
import { backOffMs } from "../back-off.js";
import { Alarm, type Clock } from "../clock.js";
import type { Logger } from "../logger.js";

/** What it takes to renew a session. */
interface RenewalOptions {
  clock: Clock;
  random: () => number;
  logger: Logger;
}

/** How long before its end a session is renewed, a quarter more or less so that many clients do not ask at once. */
const aheadMs = 60_000;
/** Timers do not reach further than 24 days. */
const longestTimerMs = 86_400_000;
const leastMs = 1_000;

/** Renews a session before it ends. */
export class Renewal {
  readonly #options: RenewalOptions;
  readonly #refresh: () => Promise<unknown>;
  readonly #alarm: Alarm;
  /** How far the server's clock is ahead of ours. */
  #skewMs = 0;
  #endsAt = 0;
  #failures = 0;

  /** `refresh` shows the server a new token; what it answers is learned by {@link learn}. */
  constructor(options: RenewalOptions, refresh: () => Promise<unknown>) {
    this.#options = options;
    this.#refresh = refresh;
    this.#alarm = new Alarm(options.clock, () => void this.#ring());
  }

  /** What the server last said; nothing when the session is over. */
  learn(identity: Identity | SessionReady | undefined): void {
    this.#alarm.clear();
    this.#failures = 0;
    if (identity?.expiresAt === undefined) return;
    if ("serverTime" in identity) this.#skewMs = identity.serverTime - this.#options.clock.now();
    this.#endsAt = identity.expiresAt - this.#skewMs;
    this.#wait();
  }

  /** Until it is time, or for half of what is left where that is little. */
  #wait(): void {
    const waitMs = Math.max(this.#leftMs - aheadMs * (0.75 + this.#options.random() / 2), this.#leftMs / 2, leastMs);
    this.#alarm.reset(Math.min(waitMs, longestTimerMs));
  }

  get #leftMs(): number {
    return this.#endsAt - this.#options.clock.now();
  }

  async #ring(): Promise<void> {
    if (this.#leftMs > 2 * aheadMs) return this.#wait();
    const endsAt = this.#endsAt;
    try {
      await this.#refresh();
    } catch (error) {
      // Another session began meanwhile: that one is learned of.
      if (endsAt !== this.#endsAt || this.#alarm.isSet) return;
      const { random, logger } = this.#options;
      logger.warn({ code: ChatError.is(error) ? error.code : "internal" }, "unable to renew the session yet; it is tried again until it ends");
      const afterMs = (ChatError.is(error) && error.retryAfterMs) || 0;
      if (this.#leftMs > 0) this.#alarm.reset(Math.max(afterMs, backOffMs(this.#failures++, random), leastMs));
    }
  }
}
