import { Write } from "@chat-widget/protocol";
import type { ClientStorage, Siblings } from "../storage/client-storage.js";
import { idOf, type OutboxItem } from "./outbox-item.js";

/** Where one user's unsent commands of one room are kept, for every page that shares the storage. */
export class OutboxShelf {
  /** Differs for each server, user and room. */
  readonly key: string;
  readonly #storage: ClientStorage;
  #siblings: Siblings | undefined;
  #isLeft = false;

  constructor(storage: ClientStorage, server: string, userId: string, roomId: string) {
    this.key = `outbox ${JSON.stringify([server, userId, roomId])} `;
    this.#storage = storage;
  }

  /** In the order they were asked: ids of version 7 sort by time. What another program put there is left out. */
  async load(): Promise<OutboxItem[]> {
    const values: unknown[] = await this.#storage.list(this.key);
    return values.filter(isItem);
  }

  /** Keeps an item as it is now; the other pages hear of it. */
  put(item: OutboxItem): void {
    void this.#storage.set(this.key + idOf(item), item);
    this.#siblings?.tell(idOf(item));
  }

  remove(id: string): void {
    void this.#storage.delete(this.key + id);
    this.#siblings?.tell(id);
  }

  /** From now on hears the ids of what other pages put here and remove. */
  async share(hear: (id: string) => void): Promise<void> {
    try {
      this.#siblings = await this.#storage.meet?.(this.key, (id) => typeof id === "string" && !this.#isLeft && hear(id));
    } catch {
      // An old browser, or a frame without an origin: each page does for itself.
    }
    if (this.#isLeft) this.leave();
  }

  /** Runs it while no other page with this shelf does. */
  async inTurn(run: () => Promise<void>): Promise<void> {
    if (this.#siblings === undefined) return run();
    const end = await this.#siblings.turn();
    await run().finally(end);
  }

  leave(): void {
    this.#isLeft = true;
    this.#siblings?.leave();
    this.#siblings = undefined;
  }
}

function isItem(value: unknown): value is OutboxItem {
  return typeof value === "object" && value !== null && "askedAt" in value && typeof value.askedAt === "number" && "write" in value && Write.safeParse(value.write).success;
}
