import { ChatError, type RoomEvent } from "@chat-widget/protocol";
import type { Report } from "../logger.js";
import type { Append, Appended, ChatStore } from "../stores/chat-store.js";
import type { Publish } from "./publish.js";

/** How many events one transaction takes at most. */
const transactionSize = 200;

interface Job {
  appends: readonly Append[];
  resolve(results: Appended[]): void;
  reject(error: ChatError): void;
}

/**
 * Writes a room's log, one transaction after the other: what arrives while one runs goes into the next. Each event is
 * published after it is committed and before its promise settles, in the order of the log.
 */
export class RoomLog {
  readonly #roomId: string;
  readonly #epoch: string;
  readonly #store: ChatStore;
  readonly #publish: Publish;
  readonly #report: Report;
  readonly #onSettled: () => void;
  readonly #waiting: Job[] = [];
  #isWriting = false;
  #head = 0;

  constructor(roomId: string, epoch: string, store: ChatStore, publish: Publish, report: Report, onSettled: () => void) {
    this.#roomId = roomId;
    this.#epoch = epoch;
    this.#store = store;
    this.#publish = publish;
    this.#report = report;
    this.#onSettled = onSettled;
  }

  /** True when nothing is being written. */
  get isSettled(): boolean {
    return !this.#isWriting;
  }

  /** Where the log ends at least. */
  get knownHead(): number {
    return this.#head;
  }

  /**
   * Appends all or nothing, in this order. Rejects with a `ChatError` when the store fails; then nothing of it is
   * published, and the same appends may be asked again.
   */
  append(appends: readonly Append[]): Promise<Appended[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ appends, resolve, reject });
      if (!this.#isWriting) void this.#write();
    });
  }

  /** Notes how far the log was seen to reach. */
  saw(head: number): void {
    this.#head = Math.max(this.#head, head);
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) await this.#commit(this.#takeJobs());
    this.#isWriting = false;
    this.#onSettled();
  }

  #takeJobs(): Job[] {
    let size = 0;
    const end = this.#waiting.findIndex(({ appends }) => (size += appends.length) > transactionSize);
    // The first job goes whatever its size.
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : Math.max(1, end));
  }

  async #commit(jobs: Job[]): Promise<void> {
    let results: Appended[];
    try {
      results = await this.#store.append(
        this.#roomId,
        jobs.flatMap(({ appends }) => appends),
      );
    } catch (cause) {
      const error = ChatError.is(cause) ? cause : new ChatError("unavailable", "unable to write to the room; the store failed", { cause });
      for (const job of jobs) job.reject(error);
      return;
    }
    this.#announce(results);
    let taken = 0;
    for (const { appends, resolve } of jobs) resolve(results.slice(taken, (taken += appends.length)));
  }

  #announce(results: Appended[]): void {
    const events = results.flatMap((result) => (result.outcome === "stored" ? [result.event] : []));
    for (const run of contiguousRuns(events)) {
      this.saw(run.from + run.events.length - 1);
      try {
        this.#publish(this.#roomId, "room:events", { roomId: this.#roomId, epoch: this.#epoch, ...run });
      } catch (error) {
        // It is stored; whoever missed it learns so from the next heads.
        this.#report(error, "unable to publish what was stored");
      }
    }
  }
}

/** Events cut where another process wrote to the same log in between. */
function contiguousRuns(events: RoomEvent[]): { from: number; events: RoomEvent[] }[] {
  const runs: { from: number; events: RoomEvent[] }[] = [];
  for (const event of events) {
    const run = runs.at(-1);
    if (run !== undefined && event.seq === run.from + run.events.length) run.events.push(event);
    else runs.push({ from: event.seq, events: [event] });
  }
  return runs;
}
