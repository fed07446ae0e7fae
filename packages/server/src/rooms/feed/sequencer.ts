import type { WireEvent } from "@chat-widget/protocol";
import type { Clock, Timer } from "../../clock.js";

/** How long a hole may take to close by itself. */
const patienceMs = 50;
/** How long to wait at most between two looks at a hole that the store could not close. */
const longestWaitMs = 5_000;
/** Events held because an earlier one is missing. Those beyond are read again. */
const heldEvents = 256;

interface SequencerOptions {
  clock: Clock;
  /** Takes events in order, each once, without a hole. */
  deliver(run: readonly WireEvent[]): void;
  /** Reads the log after a place and offers what it finds; gives where the log ends. Rejects when the store cannot be reached. */
  repair(after: number): Promise<number>;
  /** A repair failed, the first since one did not; it is tried again. */
  onFailure(error: unknown): void;
}

/**
 * Puts the events of one room into order on this node, whoever committed them and however they came here: the next is
 * delivered, an early one is held, an old one is dropped, and a hole that stays is read from the store.
 */
export class Sequencer {
  readonly #options: SequencerOptions;
  readonly #held = new Map<number, WireEvent>();
  #delivered: number | undefined;
  #known = 0;
  #timer: Timer | undefined;
  #waitMs = patienceMs;
  #isRepairing = false;
  #hasFailed = false;
  #isClosed = false;

  constructor(options: SequencerOptions) {
    this.#options = options;
  }

  /** The last event delivered; undefined before {@link begin}. */
  get delivered(): number | undefined {
    return this.#delivered;
  }

  /** Where the log ends at least. */
  get head(): number {
    return Math.max(this.#known, this.#delivered ?? 0);
  }

  /** True when everything that is known to be in the log was delivered. */
  get isCurrent(): boolean {
    return this.#delivered !== undefined && this.#delivered >= this.#known;
  }

  /** Delivers what comes after `head`, which was read from the store; from the second time on the same as {@link saw}. */
  begin(head: number): void {
    if (this.#delivered === undefined) this.skipTo(head);
    else this.saw(head);
  }

  /** Goes on after `head`; for a log that no longer holds what is before. */
  skipTo(head: number): void {
    this.#known = Math.max(this.#known, head);
    this.#delivered = head;
    for (const seq of this.#held.keys()) if (seq <= head) this.#held.delete(seq);
    this.#deliver([]);
  }

  /** Takes committed events of any places. */
  offer(events: readonly WireEvent[]): void {
    const run: WireEvent[] = [];
    for (const event of events) {
      this.#known = Math.max(this.#known, event.seq);
      if (this.#delivered !== undefined && event.seq === this.#delivered + 1) this.#take(event, run);
      else if (event.seq > (this.#delivered ?? 0) && this.#held.size < heldEvents) this.#held.set(event.seq, event);
    }
    this.#deliver(run);
  }

  /** Notes that the log reaches this far. */
  saw(head: number): void {
    this.#known = Math.max(this.#known, head);
    this.#watchHole();
  }

  close(): void {
    this.#isClosed = true;
    this.#stopTimer();
  }

  #take(event: WireEvent, run: WireEvent[]): void {
    this.#held.delete(event.seq);
    this.#delivered = event.seq;
    run.push(event);
  }

  /** Delivers a run and what was held because of it. */
  #deliver(run: WireEvent[]): void {
    if (this.#delivered === undefined || this.#isClosed) return;
    for (let next = this.#held.get(this.#delivered + 1); next !== undefined; next = this.#held.get(this.#delivered + 1)) this.#take(next, run);
    if (run.length > 0) this.#options.deliver(run);
    this.#watchHole();
  }

  #watchHole(): void {
    if (this.#delivered === undefined || this.#isClosed || this.#isRepairing) return;
    if (this.isCurrent) {
      this.#stopTimer();
      this.#waitMs = patienceMs;
      return;
    }
    this.#timer ??= this.#options.clock.setTimeout(() => void this.#repair(), this.#waitMs);
  }

  #stopTimer(): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Reads what is missing. What was told before and is still not in the log never was: a node that errs must not keep us reading. */
  async #repair(): Promise<void> {
    this.#timer = undefined;
    const before = this.#delivered ?? 0;
    const told = [...this.#held.keys()];
    const known = this.#known;
    this.#isRepairing = true;
    try {
      const head = await this.#options.repair(before);
      if (this.#known === known) this.#known = Math.max(head, this.#delivered ?? 0);
      for (const seq of told) if (seq > head) this.#held.delete(seq);
      this.#hasFailed = false;
    } catch (error) {
      if (!this.#hasFailed) this.#options.onFailure(error);
      this.#hasFailed = true;
    }
    this.#isRepairing = false;
    this.#waitMs = (this.#delivered ?? 0) > before ? patienceMs : Math.min(longestWaitMs, this.#waitMs * 2);
    this.#deliver([]);
  }
}
