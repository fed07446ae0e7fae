/** Counts what each of many is doing at this moment. */
export class Busy {
  readonly #most: number;
  readonly #doing = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether somebody is doing as much as they may. */
  isFull(who: string): boolean {
    return (this.#doing.get(who) ?? 0) >= this.#most;
  }

  /** Counts one more; gives the function that ends it. */
  hold(who: string): () => void {
    this.#doing.set(who, (this.#doing.get(who) ?? 0) + 1);
    return () => {
      const left = (this.#doing.get(who) ?? 0) - 1;
      if (left > 0) this.#doing.set(who, left);
      else this.#doing.delete(who);
    };
  }
}
