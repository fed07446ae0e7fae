import { ChatError } from "@chat-widget/protocol";

/** How much one connection may have waiting. */
const longestQueue = 500;

/** Runs what is asked about the same thing one after the other, in the order it was asked. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();
  #waiting = 0;

  /** @throws {ChatError} `rate-limited` when too much is waiting already */
  async take<T>(key: string, run: () => Promise<T>): Promise<T> {
    if (this.#waiting >= longestQueue) throw new ChatError("rate-limited", "unable to run the command; too many are waiting", { retryAfterMs: 1_000 });
    this.#waiting += 1;
    const before = this.#last.get(key);
    const mine = before === undefined ? run() : before.then(run, run);
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      this.#waiting -= 1;
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}
