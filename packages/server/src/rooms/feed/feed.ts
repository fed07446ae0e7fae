import type { CatchUp, Cursor, RoomEvents, WireEvent } from "@chat-widget/protocol";
import type { Clock } from "../../clock.js";
import type { Report } from "../../logger.js";
import type { ChatStore } from "../../stores/chat-store.js";
import { fitting } from "../answer-size.js";
import type { Publish } from "../publish.js";
import { type RoomChange, isRoomChange, splitAtChanges } from "../state/room-change.js";
import { Frames } from "./frames.js";
import { NewestPage, type Newest } from "./newest-page.js";
import { PastPages } from "./past-pages.js";
import { deletedMessageOf } from "./scrub.js";
import { Sequencer } from "./sequencer.js";
import { SingleFlight } from "./single-flight.js";
import { Tail } from "./tail.js";

/** A reader further behind than this gets a snapshot; replaying would cost both sides more. */
const replayedEvents = 1_000;
const snapshotMessages = 50;
/** Events that one repair reads. */
const repairedEvents = 200;

export interface FeedOptions {
  roomId: string;
  epoch: string;
  store: ChatStore;
  publish: Publish;
  clock: Clock;
  report: Report;
  /** Called with what is delivered, before it is told. */
  onDelivered(run: readonly WireEvent[]): void;
  /** Called with each change of what the room is, when everybody who listens was told it and nothing of what comes after it. */
  onChange(event: RoomChange): void;
  /** Called when events cannot be delivered: the log no longer has them. */
  onSkipped(): void;
}

/**
 * What this node tells of one room's log: to everyone who has it open, in order and without a hole, and to each who
 * comes back, what they missed. It remembers enough that readers who come at the same time cost the store one read
 * together.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #sequencer: Sequencer;
  #past: PastPages;
  #newest = new NewestPage();
  readonly #frames = new Frames((events) => this.#tell(events));
  readonly #newestReads = new SingleFlight<Newest>();
  readonly #firstReads = new SingleFlight<void>();
  readonly #headReads = new SingleFlight<number>();
  #tail: Tail | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#past = new PastPages(options.roomId, options.store, options.clock);
    this.#sequencer = new Sequencer({
      clock: options.clock,
      deliver: (run) => this.#deliver(run),
      repair: (after) => this.#repair(after),
      onFailure: (error) => void options.report(error, "unable to read events that this server missed; it is tried again"),
    });
  }

  /** The last event that everyone who listens was told; undefined while nobody does. */
  get delivered(): number | undefined {
    return this.#sequencer.delivered;
  }

  /** Where the log ends, as far as this node knows. */
  get head(): number {
    return this.#sequencer.head;
  }

  /** Takes events that are committed, by whomever. */
  offer(events: readonly WireEvent[]): void {
    this.#sequencer.offer(events);
  }

  /** Notes that the log reaches this far. */
  saw(head: number): void {
    this.#sequencer.saw(head);
  }

  /** Reads where the log ends. */
  async readHead(): Promise<number> {
    const { roomId, store } = this.#options;
    const head = await this.#headReads.run("", async () => (await store.heads([roomId]))[0] ?? 0);
    this.saw(head);
    return head;
  }

  /**
   * How a reader gets up to date, from `after` on or from nothing; at most `limit` events or messages, and no more than
   * fit into one answer. Everything after its head is delivered by this feed, or already {@link since} it was.
   */
  async catchUp(after: Cursor | undefined, limit: number): Promise<CatchUp> {
    const few = Math.min(limit, snapshotMessages);
    if (after === undefined) return this.#snapshot("first", limit);
    if (after.epoch !== this.#options.epoch) return this.#snapshot("epoch", few);
    const { seq } = after;
    // Of those who come at once to a room that nobody had open, one reads where it stands.
    if (this.delivered === undefined) await this.#firstReads.run("", () => this.#beginAt(seq));
    const recent = this.#sequencer.isCurrent ? this.#tail?.after(seq, limit) : undefined;
    if (recent !== undefined) return this.#events(seq, recent);
    if (this.delivered !== undefined && this.head - seq > replayedEvents) return this.#snapshot("far", few);
    const page = await this.#past.after(seq, this.head);
    if (page.kind === "trimmed") return this.#snapshot("trimmed", few);
    this.#begin(page.head);
    if (page.events[0]?.seq === seq + 1) this.#sequencer.offer(page.events);
    const head = Math.max(page.head, this.delivered ?? 0);
    if (seq > head) return this.#snapshot("ahead", few);
    if (head - seq > replayedEvents) return this.#snapshot("far", few);
    const end = page.events.at(-1)?.seq ?? seq;
    return this.#events(seq, [...page.events, ...(this.#tail?.after(end, limit) ?? [])].slice(0, limit), head);
  }

  /** What was delivered after a place; undefined when there is nothing, or it is too much to be at hand. */
  since(seq: number): RoomEvents | undefined {
    // Whoever is told this is told nothing of it again.
    this.#frames.flush();
    const events = this.#tail?.after(seq, Infinity) ?? [];
    return events.length === 0 ? undefined : { roomId: this.#options.roomId, epoch: this.#options.epoch, from: seq + 1, events };
  }

  /** Lets go of what it remembers of the log: the store may have forgotten it. */
  forget(): void {
    const { roomId, store, clock } = this.#options;
    this.#past.close();
    this.#past = new PastPages(roomId, store, clock);
    this.#newest = new NewestPage();
    if (this.delivered !== undefined) this.#tail = new Tail(this.delivered);
  }

  close(): void {
    this.#sequencer.close();
    this.#frames.close();
    this.#past.close();
  }

  #events(after: number, missed: readonly WireEvent[], head = this.delivered ?? 0): CatchUp {
    const events = fitting(missed, 0);
    return { kind: "events", epoch: this.#options.epoch, head, events, more: after + events.length < head };
  }

  async #snapshot(reason: Extract<CatchUp, { kind: "snapshot" }>["reason"], limit: number): Promise<CatchUp> {
    const newest = this.#newest.get(limit) ?? (await this.#readNewest(limit));
    const messages = fitting(newest.messages, newest.messages.length);
    const hasOlder = newest.hasOlder || messages.length < newest.messages.length;
    return { kind: "snapshot", epoch: this.#options.epoch, head: newest.asOf, reason, messages, hasOlder };
  }

  async #readNewest(limit: number): Promise<Newest> {
    const { roomId, store } = this.#options;
    const read = await this.#newestReads.run(`${limit}`, async () => {
      // What was read before it had to forget goes to nobody else.
      const page = this.#newest;
      const newest = await store.messages(roomId, { limit });
      this.#begin(newest.asOf);
      page.set(newest, limit);
      // Followed from where it was read to where the others are.
      page.apply(this.#tail?.after(newest.asOf, Infinity) ?? []);
      return newest;
    });
    return this.#newest.get(limit) ?? read;
  }

  async #beginAt(seq: number): Promise<void> {
    const page = await this.#past.after(seq, this.head);
    if (page.kind === "events") this.#begin(page.head);
  }

  #begin(head: number): void {
    this.#tail ??= new Tail(head);
    this.#sequencer.begin(head);
  }

  #deliver(run: readonly WireEvent[]): void {
    for (const part of splitAtChanges(run)) {
      this.#deliverPart(part);
      const last = part.at(-1);
      if (!isRoomChange(last)) continue;
      // Whoever may not hear what comes next is gone before it is told.
      this.#frames.flush();
      this.#options.onChange(last);
    }
  }

  #deliverPart(run: readonly WireEvent[]): void {
    for (const event of run) {
      const deleted = deletedMessageOf(event);
      if (deleted !== undefined) this.#past.scrub(deleted);
    }
    this.#tail?.push(run);
    this.#newest.apply(run);
    this.#options.onDelivered(run);
    this.#frames.push(run);
  }

  #tell(events: readonly WireEvent[]): void {
    const { roomId, epoch, publish, report } = this.#options;
    const [first] = events;
    if (first === undefined) return;
    try {
      publish(roomId, "room:events", { roomId, epoch, from: first.seq, events: [...events] });
    } catch (error) {
      // It is stored; whoever missed it learns so from the next heads.
      report(error, "unable to publish what was stored");
    }
  }

  async #repair(after: number): Promise<number> {
    const { roomId, store } = this.#options;
    const read = await store.eventsAfter(roomId, after, repairedEvents);
    if (read.kind === "events") {
      this.#sequencer.offer(read.events);
      return read.head;
    }
    const head = await this.readHead();
    this.#tail = new Tail(head);
    this.#sequencer.skipTo(head);
    this.#options.onSkipped();
    return head;
  }
}
