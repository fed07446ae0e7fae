/** What is being done right now, so that a closing server can wait for it. */
export class Work {
  #running = 0;
  #onIdle: (() => void) | undefined;

  /** Counts something until it settles. Gives a promise that settles as it does. */
  track<T>(promise: Promise<T>): Promise<T> {
    this.#running += 1;
    return promise.finally(() => {
      this.#running -= 1;
      if (this.#running === 0) this.#onIdle?.();
    });
  }

  /** Resolves once nothing is being done. To be asked once. */
  async idle(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }
}
