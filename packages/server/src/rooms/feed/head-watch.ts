import { signalTiming } from "@chat-widget/protocol";
import type { Clock, Timer } from "../../clock.js";
import type { Report } from "../../logger.js";
import type { ChatStore } from "../../stores/chat-store.js";
import { Delayed } from "../delayed.js";
import type { Publish } from "../publish.js";
import type { Feed } from "./feed.js";

/** A little more often than promised, so that a late timer keeps the promise. */
const beaconMs = signalTiming.headsMs * 0.8;
/** Rooms whose heads are read at once. */
const roomsPerRead = 500;

/** How long to wait for other signs that something was missed. */
const lookMs = 250;

/** Rooms that somebody has open, by id. */
export type OpenFeeds = () => ReadonlyMap<string, Feed>;

interface HeadWatchOptions {
  store: ChatStore;
  epoch: string;
  publish: Publish;
  clock: Clock;
  report: Report;
  feeds: OpenFeeds;
  /** How long to wait before the store is asked again, in milliseconds. */
  pollMs(): number;
}

/**
 * Finds what nobody told. Asks the store, for all open rooms together, where their logs end, so that this node notices
 * what it missed; and tells the readers, so that each of them does.
 */
export class HeadWatch {
  readonly #options: HeadWatchOptions;
  readonly #look: Delayed;
  #isReading = false;
  #isClosed = false;
  #hasFailed = false;
  #poll: Timer | undefined;
  #beacon: Timer | undefined;

  constructor(options: HeadWatchOptions) {
    this.#options = options;
    this.#look = new Delayed(options.clock, lookMs, () => this.#pollNow());
    this.#schedulePoll();
    this.#scheduleBeacon();
  }

  /** Asks the store before the next poll is due. */
  lookSoon(): void {
    this.#look.request();
  }

  close(): void {
    this.#isClosed = true;
    this.#look.cancel();
    for (const timer of [this.#poll, this.#beacon]) if (timer !== undefined) this.#options.clock.clearTimeout(timer);
  }

  #schedulePoll(): void {
    this.#poll = this.#options.clock.setTimeout(() => this.#pollNow(), this.#options.pollMs());
  }

  #pollNow(): void {
    if (this.#poll !== undefined) this.#options.clock.clearTimeout(this.#poll);
    this.#schedulePoll();
    void this.#readHeads();
  }

  #scheduleBeacon(): void {
    this.#beacon = this.#options.clock.setTimeout(() => {
      this.#scheduleBeacon();
      this.#tellHeads();
    }, beaconMs);
  }

  async #readHeads(): Promise<void> {
    const { store, feeds, report } = this.#options;
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      const open = [...feeds()];
      for (let start = 0; start < open.length; start += roomsPerRead) {
        const chunk = open.slice(start, start + roomsPerRead);
        const heads = await store.heads(chunk.map(([roomId]) => roomId));
        chunk.forEach(([, feed], index) => feed.saw(heads[index] ?? 0));
      }
      this.#hasFailed = false;
    } catch (error) {
      // A store that is down is asked again and again, and said to be down once.
      if (!this.#hasFailed && !this.#isClosed) report(error, "unable to read where the rooms' logs end; it is tried again");
      this.#hasFailed = true;
    }
    this.#isReading = false;
  }

  #tellHeads(): void {
    const { epoch, publish, feeds, report } = this.#options;
    try {
      for (const [roomId, { delivered }] of feeds()) {
        if (delivered !== undefined) publish(roomId, "room:heads", { heads: [{ roomId, epoch, seq: delivered }] });
      }
    } catch (error) {
      report(error, "unable to tell where the rooms' logs end");
    }
  }
}
