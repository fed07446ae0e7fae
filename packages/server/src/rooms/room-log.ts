import { ChatError, type RoomEvent } from "@chat-widget/protocol";
import type { Append, Appended, ChatStore } from "../stores/chat-store.js";

/** How many events one transaction takes at most. */
const transactionSize = 200;

interface Job {
  appends: readonly Append[];
  resolve(results: Appended[]): void;
  reject(error: ChatError): void;
}

/**
 * Writes a room's log, one transaction after the other: what arrives while one runs goes into the next. Each event is
 * handed on after it is committed and before its promise settles, in the order of the log.
 */
export class RoomLog {
  readonly #roomId: string;
  readonly #store: ChatStore;
  readonly #onCommitted: (events: RoomEvent[]) => void;
  readonly #onSettled: () => void;
  readonly #waiting: Job[] = [];
  #isWriting = false;

  /** `onCommitted` is called with each transaction's events, `onSettled` whenever the last of what waited is written. */
  constructor(roomId: string, store: ChatStore, onCommitted: (events: RoomEvent[]) => void, onSettled: () => void) {
    this.#roomId = roomId;
    this.#store = store;
    this.#onCommitted = onCommitted;
    this.#onSettled = onSettled;
  }

  /** True when nothing is being written. */
  get isSettled(): boolean {
    return !this.#isWriting;
  }

  /**
   * Appends all or nothing, in this order. Rejects with a `ChatError` when the store fails; then nothing of it is
   * handed on, and the same appends may be asked again.
   */
  append(appends: readonly Append[]): Promise<Appended[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ appends, resolve, reject });
      if (!this.#isWriting) void this.#write();
    });
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

  /** Gives why it could not be done. */
  async #commit(jobs: readonly Job[]): Promise<ChatError | undefined> {
    let results: Appended[];
    try {
      results = await this.#store.append(
        this.#roomId,
        jobs.flatMap(({ appends }) => appends),
      );
    } catch (cause) {
      const error = ChatError.is(cause) ? cause : new ChatError("unavailable", "unable to write to the room; the store failed", { cause });
      if (jobs.length > 1 && error.retry === "no") return this.#commitEach(jobs);
      for (const job of jobs) job.reject(error);
      return error;
    }
    const events = results.flatMap((result) => (result.outcome === "stored" ? [result.event] : []));
    if (events.length > 0) this.#onCommitted(events);
    let taken = 0;
    for (const { appends, resolve } of jobs) resolve(results.slice(taken, (taken += appends.length)));
    return undefined;
  }

  /** What one asked for must not take along what others did, who asked in the same moment. A store that is gone by then is not asked for each. */
  async #commitEach(jobs: readonly Job[]): Promise<ChatError | undefined> {
    let down: ChatError | undefined;
    for (const job of jobs) {
      if (down !== undefined) job.reject(down);
      else {
        const error = await this.#commit([job]);
        if (error?.retry === "same") down = error;
      }
    }
    return down;
  }
}
