import type { WireEvent } from "@chat-widget/protocol";
import type { Clock } from "../../clock.js";
import type { ChatStore, LogRead } from "../../stores/chat-store.js";
import { Delayed } from "../delayed.js";
import { scrubEvents } from "./scrub.js";
import { SingleFlight } from "./single-flight.js";

/** Events in one page. */
const pageEvents = 128;
const mostPages = 8;
/** How long a page is kept for others who come back at the same time. */
const keptMs = 10_000;

/** A stretch of a room's log, from the store. */
export type PastPage = { kind: "events"; events: WireEvent[]; head: number } | Exclude<LogRead, { kind: "events" }>;

/**
 * The part of a room's log that the tail does not hold, read in pages of fixed places: when a thousand readers come back
 * at once, each from a place of their own, each page is read once.
 */
export class PastPages {
  readonly #roomId: string;
  readonly #store: ChatStore;
  readonly #pages = new Map<number, Promise<PastPage>>();
  readonly #exactReads = new SingleFlight<PastPage>();
  readonly #forget: Delayed;

  constructor(roomId: string, store: ChatStore, clock: Clock) {
    this.#roomId = roomId;
    this.#store = store;
    this.#forget = new Delayed(clock, keptMs, () => this.#pages.clear());
  }

  /**
   * Some of the events after a place, at least one if there are any, and where the log ended when they were read.
   * `head` is where the log is known to reach.
   */
  async after(seq: number, head: number): Promise<PastPage> {
    const start = seq - (seq % pageEvents);
    const page = await (this.#pages.get(start) ?? this.#read(start));
    if (page.kind === "trimmed") return start === seq ? page : this.#readExactly(seq);
    const events = page.events.filter((event) => event.seq > seq);
    // A page that was the last one when it was read says nothing of what came later.
    const isEnough = events.length > 0 || (page.head === seq && head <= seq);
    return isEnough ? { kind: "events", events, head: page.head } : this.#readExactly(seq);
  }

  /** Takes out the text of a deleted message. */
  scrub(messageId: string): void {
    for (const page of this.#pages.values()) {
      void page.then(
        (read) => read.kind === "events" && scrubEvents(read.events, messageId),
        () => undefined,
      );
    }
  }

  close(): void {
    this.#forget.cancel();
  }

  #readExactly(seq: number): Promise<PastPage> {
    return this.#exactReads.run(`${seq}`, () => this.#store.eventsAfter(this.#roomId, seq, pageEvents));
  }

  #read(start: number): Promise<PastPage> {
    const page: Promise<PastPage> = this.#store.eventsAfter(this.#roomId, start, pageEvents);
    this.#pages.set(start, page);
    page.catch(() => this.#pages.delete(start));
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > mostPages && oldest !== undefined) this.#pages.delete(oldest);
    this.#forget.request();
    return page;
  }
}
