/** Lets everyone who asks for the same thing while it is being fetched share one answer. */
export class SingleFlight<T> {
  readonly #flying = new Map<string, Promise<T>>();

  run(key: string, fetch: () => Promise<T>): Promise<T> {
    const flying = this.#flying.get(key);
    if (flying !== undefined) return flying;
    const started = fetch().finally(() => this.#flying.delete(key));
    this.#flying.set(key, started);
    return started;
  }
}
