import { signalTiming } from "@chat-widget/protocol";
import type { Clock, Timer } from "../../clock.js";
import type { Report } from "../../logger.js";
import type { ChatStore } from "../../stores/chat-store.js";
import type { Publish } from "../publish.js";
import type { Feed } from "./feed.js";

/** A little more often than promised, so that a late timer keeps the promise. */
const beaconMs = signalTiming.headsMs * 0.8;
/** Rooms whose heads are read at once. */
const roomsPerRead = 500;

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
  #poll: Timer | undefined;
  #beacon: Timer | undefined;

  constructor(options: HeadWatchOptions) {
    this.#options = options;
    this.#schedulePoll();
    this.#scheduleBeacon();
  }

  close(): void {
    for (const timer of [this.#poll, this.#beacon]) if (timer !== undefined) this.#options.clock.clearTimeout(timer);
  }

  #schedulePoll(): void {
    this.#poll = this.#options.clock.setTimeout(() => {
      this.#schedulePoll();
      void this.#readHeads();
    }, this.#options.pollMs());
  }

  #scheduleBeacon(): void {
    this.#beacon = this.#options.clock.setTimeout(() => {
      this.#scheduleBeacon();
      this.#tellHeads();
    }, beaconMs);
  }

  async #readHeads(): Promise<void> {
    const { store, feeds, report } = this.#options;
    const open = [...feeds()];
    try {
      for (let start = 0; start < open.length; start += roomsPerRead) {
        const chunk = open.slice(start, start + roomsPerRead);
        const heads = await store.heads(chunk.map(([roomId]) => roomId));
        chunk.forEach(([, feed], index) => feed.saw(heads[index] ?? 0));
      }
    } catch (error) {
      report(error, "unable to read where the rooms' logs end");
    }
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
