import type { Logger } from "./logger.js";

/** Who wants to know of changes; told once for all changes of one turn. */
export class Listeners {
  readonly #listeners = new Set<() => void>();
  readonly #logger: Logger;
  #isScheduled = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Gives the function that ends it. */
  add(listener: () => void): () => void {
    // The same function may listen twice, and end twice.
    const own = () => listener();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  tell(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      for (const listener of this.#listeners) {
        try {
          listener();
        } catch (error) {
          this.#logger.error({ error }, "a listener of a chat snapshot threw");
        }
      }
    });
  }
}
