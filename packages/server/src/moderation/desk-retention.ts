import type { Clock, Timer } from "../clock.js";
import type { Report } from "../logger.js";

const dayMs = 86_400_000;
const everyMs = 3_600_000;

/** Something that grows and may be forgotten from its beginning. */
export interface Forgettable {
  /** Removes some of what is from before a time, in milliseconds since 1970. Gives whether there is nothing more of it. */
  forget(before: number): Promise<boolean>;
}

interface DeskRetentionOptions {
  clock: Clock;
  /** Gives numbers from 0 to below 1, so that not all nodes do it at once. */
  random: () => number;
  report: Report;
  days: number;
}

/** Has what moderators work with forget what is older than it should be: soon, and then every hour. */
export class DeskRetention {
  readonly #options: DeskRetentionOptions;
  readonly #kept: readonly Forgettable[];
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(kept: readonly Forgettable[], options: DeskRetentionOptions) {
    this.#kept = kept;
    this.#options = options;
    this.#schedule(options.random() * 60_000);
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
  }

  #schedule(ms: number): void {
    if (this.#isClosed) return;
    const { clock, random } = this.#options;
    this.#timer = clock.setTimeout(() => void this.#forget().then(() => this.#schedule(everyMs * (0.9 + random() / 10))), ms);
  }

  async #forget(): Promise<void> {
    const { clock, days, report } = this.#options;
    const before = clock.now() - days * dayMs;
    try {
      for (const kept of this.#kept) for (let isDone = false; !isDone && !this.#isClosed; ) isDone = await kept.forget(before);
    } catch (error) {
      report(error, "unable to forget all reports and entries of the audit log that are older than `auditRetention` says; it is tried again within the hour");
    }
  }
}
