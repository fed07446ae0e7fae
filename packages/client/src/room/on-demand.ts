import type { ThreadHost } from "./thread.js";
import type { Thread } from "./thread-snapshot.js";

/** What a room does with code that is fetched when it is first used. */
export class OnDemand {
  readonly #host: ThreadHost;

  constructor(host: ThreadHost) {
    this.#host = host;
  }

  async thread(rootId: string): Promise<Thread> {
    const { ThreadEngine } = await import("./thread.js");
    return new ThreadEngine(rootId, this.#host);
  }
}
