import { memoryStorage, type ClientStorage, type Clock, type Siblings } from "@chat-widget/client";

/** What the pages of one browser share, without a browser: each call of `page` is the storage as one page has it. */
export class SharedStorage {
  readonly values = memoryStorage();
  readonly #rooms = new Map<string, Set<(news: unknown) => void>>();
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  page(): ClientStorage {
    return { ...this.values, meet: async (name, hear) => this.#meet(name, hear) };
  }

  #meet(name: string, hear: (news: unknown) => void): Siblings {
    const present = this.#rooms.get(name) ?? new Set();
    this.#rooms.set(name, present.add(hear));
    return {
      tell: (news) => {
        for (const other of present) if (other !== hear) queueMicrotask(() => present.has(other) && other(structuredClone(news)));
      },
      turn: async (atMostMs) => {
        const before = this.#turns.get(name);
        let end = () => {};
        this.#turns.set(name, new Promise<void>((resolve) => (end = resolve)));
        await before;
        if (atMostMs !== undefined) this.#clock.setTimeout(end, atMostMs);
        return end;
      },
      leave: () => void present.delete(hear),
    };
  }
}
