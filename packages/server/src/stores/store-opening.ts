import { ChatError } from "@chat-widget/protocol";
import { type Clock, type Timer, withDeadline } from "../clock.js";
import type { Report } from "../logger.js";
import type { ChatStore, StoreIdentity } from "./chat-store.js";

/** How long the pause before another try is at most. */
const longestPauseMs = 30_000;
/** How long who comes meanwhile waits for a store that is just being opened. */
const patienceMs = 5_000;

interface StoreOpeningOptions {
  store: ChatStore;
  clock: Clock;
  random: () => number;
  report: Report;
}

/** Opens a store, and tries again for as long as it cannot be opened: a database may come up after its server. */
export class StoreOpening {
  /** Settles as the first try does. */
  readonly firstTry: Promise<void>;
  /** Resolves once it is open; rejects only when it is given up. */
  readonly opened: Promise<StoreIdentity>;
  readonly #options: StoreOpeningOptions;
  #failures = 0;
  #timer: Timer | undefined;
  #isOver = false;
  #giveUp: (error: ChatError) => void = () => undefined;

  constructor(options: StoreOpeningOptions) {
    this.#options = options;
    const first = this.#open();
    this.firstTry = first.then(() => undefined);
    this.opened = new Promise((resolve, reject) => {
      this.#giveUp = reject;
      void this.#goOn(first, resolve);
    });
    // Failures are logged, and answered to whoever asks; nobody has to wait for them.
    for (const promise of [this.firstTry, this.opened]) promise.catch(() => undefined);
  }

  /** What stands on the open store. @throws {ChatError} `unavailable` when it does not open soon */
  async wait<T>(promise: Promise<T>): Promise<T> {
    const late = () => new ChatError("unavailable", "unable to reach the store; it could not be opened", { retryAfterMs: 1_000 });
    if (this.#failures > 0) throw late();
    return withDeadline(this.#options.clock, patienceMs, promise, late);
  }

  giveUp(): void {
    this.#isOver = true;
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
    this.#giveUp(new ChatError("unavailable", "unable to reach the store; the server is closed"));
  }

  async #open(): Promise<StoreIdentity> {
    return this.#options.store.open();
  }

  async #goOn(attempt: Promise<StoreIdentity>, resolve: (identity: StoreIdentity) => void): Promise<void> {
    const { clock, random, report } = this.#options;
    try {
      resolve(await attempt);
      this.#failures = 0;
    } catch (error) {
      report(error, "unable to open the store; connections are refused until it can be opened, which is tried again at least every 30 s");
      if (this.#isOver) return;
      const pauseMs = Math.min(longestPauseMs, 500 * 2 ** this.#failures++) * (0.5 + random() / 2);
      this.#timer = clock.setTimeout(() => void this.#goOn(this.#open(), resolve), pauseMs);
    }
  }
}
