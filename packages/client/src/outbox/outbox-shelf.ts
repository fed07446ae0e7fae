import { Write } from "@chat-widget/protocol";
import type { ClientStorage } from "../storage/client-storage.js";
import { idOf, type OutboxItem } from "./outbox-item.js";

/** Where one user's unsent commands of one room are kept. */
export class OutboxShelf {
  /** Differs for each server, user and room. */
  readonly key: string;
  readonly #storage: ClientStorage;

  constructor(storage: ClientStorage, server: string, userId: string, roomId: string) {
    this.key = `outbox ${JSON.stringify([server, userId, roomId])} `;
    this.#storage = storage;
  }

  /** In the order they were asked: ids of version 7 sort by time. What another program put there is left out. */
  async load(): Promise<OutboxItem[]> {
    const values: unknown[] = await this.#storage.list(this.key);
    return values.filter(isItem);
  }

  put(item: OutboxItem): void {
    void this.#storage.set(this.key + idOf(item), item);
  }

  remove(item: OutboxItem): void {
    void this.#storage.delete(this.key + idOf(item));
  }
}

function isItem(value: unknown): value is OutboxItem {
  return typeof value === "object" && value !== null && "askedAt" in value && typeof value.askedAt === "number" && "write" in value && Write.safeParse(value.write).success;
}
