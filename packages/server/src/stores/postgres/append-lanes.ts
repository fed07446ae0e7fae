import { ChatError } from "@chat-widget/protocol";
import type { Append, Appended } from "../chat-store.js";
import type { AppendOutcome, AppendRequest } from "../room-draft.js";
import type { Patience } from "./append-group.js";
import { isPassing } from "./client.js";

/** Rooms that one transaction takes at most. */
const mostRooms = 200;

/** Runs one transaction; undefined for what it skipped. */
type Commit = (requests: readonly AppendRequest[], patience: Patience) => Promise<(AppendOutcome | undefined)[]>;

interface Asked {
  request: AppendRequest;
  resolve(results: Appended[]): void;
  reject(error: unknown): void;
}

/**
 * Commits what is asked of many rooms together, so that they share the ways to the database and one wait for its disk. A few
 * transactions run at a time, each with rooms that no other has; what arrives meanwhile makes up the next one. A room that
 * another server holds is waited for alone.
 */
export class AppendLanes {
  readonly #commit: Commit;
  readonly #most: number;
  /** What is asked, by room, oldest first. */
  readonly #waiting = new Map<string, Asked[]>();
  readonly #busy = new Set<string>();
  #running = 0;
  #isStarting = false;

  constructor(most: number, commit: Commit) {
    this.#most = most;
    this.#commit = commit;
  }

  append(roomId: string, appends: readonly Append[]): Promise<Appended[]> {
    return new Promise((resolve, reject) => {
      const asked = this.#waiting.get(roomId) ?? [];
      asked.push({ request: { roomId, appends }, resolve, reject });
      this.#waiting.set(roomId, asked);
      if (this.#isStarting) return;
      // What is asked in one turn of the event loop goes together.
      this.#isStarting = true;
      setImmediate(() => {
        this.#isStarting = false;
        this.#start();
      });
    });
  }

  #start(): void {
    while (this.#running < this.#most) {
      const free = [...this.#waiting.keys()].filter((roomId) => !this.#busy.has(roomId)).slice(0, mostRooms);
      if (free.length === 0) return;
      const taken = free.map((roomId) => this.#take(roomId));
      this.#running += 1;
      void this.#runTogether(taken).finally(() => {
        this.#running -= 1;
        this.#start();
      });
    }
  }

  #take(roomId: string): Asked[] {
    const asked = this.#waiting.get(roomId) ?? [];
    this.#waiting.delete(roomId);
    this.#busy.add(roomId);
    return asked;
  }

  async #runTogether(rooms: readonly Asked[][]): Promise<void> {
    const all = rooms.flat();
    let outcomes: (AppendOutcome | undefined)[];
    try {
      outcomes = await this.#commit(all.map(({ request }) => request), "skips");
    } catch (error) {
      // What the database refuses of one room must not take the others along.
      const isOfOne = rooms.length > 1 && !ChatError.is(error) && !isPassing(error);
      if (isOfOne) for (const asked of rooms) void this.#runAlone(asked);
      else for (const asked of rooms) this.#fail(asked, error);
      return;
    }
    const byAsked = new Map(all.map((asked, index) => [asked, outcomes[index]]));
    for (const asked of rooms) {
      if (asked.some((one) => byAsked.get(one) === undefined)) void this.#runAlone(asked);
      else this.#settle(asked, asked.map((one) => byAsked.get(one)));
    }
  }

  async #runAlone(asked: readonly Asked[]): Promise<void> {
    try {
      this.#settle(asked, await this.#commit(asked.map(({ request }) => request), "waits"));
    } catch (error) {
      this.#fail(asked, error);
    }
  }

  #settle(asked: readonly Asked[], outcomes: readonly (AppendOutcome | undefined)[]): void {
    this.#free(asked);
    for (const [index, { resolve, reject }] of asked.entries()) {
      const outcome = outcomes[index];
      if (outcome?.ok === true) resolve(outcome.results);
      else reject(outcome === undefined ? new Error("the transaction gave no outcome") : new ChatError(outcome.error));
    }
  }

  #fail(asked: readonly Asked[], error: unknown): void {
    this.#free(asked);
    for (const { reject } of asked) reject(error);
  }

  /** The room's next asks need not wait any longer. */
  #free([first]: readonly Asked[]): void {
    if (first === undefined) return;
    this.#busy.delete(first.request.roomId);
    if (this.#waiting.has(first.request.roomId)) setImmediate(() => this.#start());
  }
}
