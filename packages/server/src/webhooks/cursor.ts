import * as z from "zod/mini";
import { type RecordWrite, recordKey } from "../stores/records.js";
import type { ChatStore } from "../stores/chat-store.js";

const collection = "webhook-cursors";

/** How far a webhook was told of a room, and who tells it now. */
const Cursor = z.object({
  seq: z.int(),
  /** The node that tells it, until then; another one may after. */
  holder: z.string(),
  heldUntil: z.number(),
  /** Since when it fails, and how often it did. */
  failingSince: z.optional(z.number()),
  failures: z.int(),
  /** Not to be tried before. */
  restsUntil: z.number(),
});
export type Cursor = z.infer<typeof Cursor>;

/** A cursor as it was read. */
export interface KeptCursor extends Cursor {
  revision: number;
}

/** The cursors of one webhook's rooms; of those who write one at once, one succeeds. */
export class Cursors {
  readonly #store: ChatStore;
  readonly #name: string;

  constructor(store: ChatStore, name: string) {
    this.#store = store;
    this.#name = name;
  }

  async read(roomId: string): Promise<KeptCursor | undefined> {
    const [record] = await this.#store.records(collection, { keys: [this.#key(roomId)] });
    return record && { ...Cursor.parse(record.value), revision: record.revision };
  }

  /** Begins at a place, unless it has begun. */
  async begin(roomId: string, seq: number): Promise<void> {
    await this.#write(roomId, 0, { seq, holder: "", heldUntil: 0, failures: 0, restsUntil: 0 });
  }

  /** Gives it as it is then; undefined when another node was faster. */
  async change(roomId: string, before: KeptCursor, patch: Partial<Cursor>): Promise<KeptCursor | undefined> {
    const { revision, ...cursor } = before;
    const value: Cursor = { ...cursor, ...patch };
    return (await this.#write(roomId, revision, value)) ? { ...value, revision: revision + 1 } : undefined;
  }

  #write(roomId: string, expect: number, value: Cursor): Promise<boolean> {
    const write: RecordWrite = { collection, key: this.#key(roomId), value, expect };
    return this.#store.writeRecords([write]);
  }

  #key(roomId: string): string {
    return recordKey(this.#name, roomId);
  }
}
