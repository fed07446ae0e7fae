import type { Clock, Timer } from "../clock.js";
import type { Report } from "../logger.js";
import type { ChatStore } from "../stores/chat-store.js";
import { readRetention } from "./state/room-records.js";

const dayMs = 86_400_000;
const everyMs = 3_600_000;
/** Clients ask again for 7 days what they could not send. */
const idsKeptDays = 30;

export interface RetentionOptions {
  store: ChatStore;
  clock: Clock;
  /** Gives numbers from 0 to below 1, so that not all nodes do it at once. */
  random: () => number;
  report: Report;
  /** How long messages are kept; for ever when undefined. */
  retentionDays: number | undefined;
}

/** Has the store forget what is older than the application wants to keep, in all rooms or in one: soon, and then every hour. */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #onForgotten: () => void;
  #timer: Timer | undefined;
  #isClosed = false;

  /** `onForgotten` is called each time the store has forgotten everything it had to. */
  constructor(options: RetentionOptions, onForgotten: () => void) {
    this.#options = options;
    this.#onForgotten = onForgotten;
    this.#schedule(options.random() * 60_000);
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
  }

  #schedule(ms: number): void {
    if (!this.#isClosed) this.#timer = this.#options.clock.setTimeout(() => void this.#forget().then(() => this.#schedule(everyMs * (0.9 + this.#options.random() / 10))), ms);
  }

  async #forget(): Promise<void> {
    const { store, clock, report, retentionDays } = this.#options;
    const before = (days: number) => Math.round(clock.now() - days * dayMs);
    try {
      const ofRooms = await readRetention(store);
      if (retentionDays === undefined && ofRooms.size === 0) return;
      const rooms = new Map([...ofRooms].map(([roomId, days]) => [roomId, before(days)]));
      const horizon = { messages: retentionDays === undefined ? 0 : before(retentionDays), ids: before(idsKeptDays), rooms };
      for (let isDone = false; !isDone && !this.#isClosed; ) ({ isDone } = await store.forget(horizon));
      this.#onForgotten();
    } catch (error) {
      report(error, "unable to forget all messages that are older than `retention` says; it is tried again within the hour");
    }
  }
}
