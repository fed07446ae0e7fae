import type { ChatStore } from "../stores/chat-store.js";
import { partsOf, recordKey } from "../stores/records.js";

/** How far people have read threads, by room, user and thread. */
export const threadPositionsCollection = "thread-positions";
/** How often a position is written anew when other devices of the user move it at the same moment. */
const attempts = 5;

/** How far users have read the threads of a room: numbers that only grow, the same for all devices of a user. */
export class ThreadPositions {
  readonly #roomId: string;
  readonly #store: ChatStore;

  constructor(roomId: string, store: ChatStore) {
    this.#roomId = roomId;
    this.#store = store;
  }

  async read(userId: string, threadIds: readonly string[]): Promise<{ threadId: string; seq: number }[]> {
    const records = await this.#store.records(threadPositionsCollection, { keys: threadIds.map((threadId) => this.#key(userId, threadId)) });
    return records.map(({ key, value }) => ({ threadId: partsOf(key).at(-1) ?? "", seq: seqOf(value) }));
  }

  /** Moves a position forward; a lower one changes nothing. */
  async move(userId: string, threadId: string, seq: number): Promise<void> {
    const key = this.#key(userId, threadId);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const [record] = await this.#store.records(threadPositionsCollection, { keys: [key] });
      if (record !== undefined && seqOf(record.value) >= seq) return;
      if (await this.#store.writeRecords([{ collection: threadPositionsCollection, key, value: { seq }, expect: record?.revision ?? 0 }])) return;
    }
  }

  #key(userId: string, threadId: string): string {
    return recordKey(this.#roomId, userId, threadId);
  }
}

function seqOf(value: unknown): number {
  return typeof value === "object" && value !== null && "seq" in value && typeof value.seq === "number" ? value.seq : 0;
}
