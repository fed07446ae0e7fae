import type { ChatStore } from "../stores/chat-store.js";
import { partsOf, recordKey, type RecordWrite } from "../stores/records.js";

const collection = "edits";
/** Of ids made in the same millisecond nobody knows which came first; so more are read than are shown. */
const mostEdits = 100;
/** Records that one transaction writes. */
const mostRecords = 1_000;

/** Which events edited a message: a record for each names it, written in its transaction. What they said is in the log alone. */
export class Edits {
  readonly #roomId: string;
  readonly #store: ChatStore;

  constructor(roomId: string, store: ChatStore) {
    this.#roomId = roomId;
    this.#store = store;
  }

  /** What is written with an edit. */
  record(messageId: string, commandId: string): Omit<RecordWrite, "expect"> {
    return { collection, key: recordKey(this.#roomId, messageId, commandId), value: {} };
  }

  /** The ids of the last edits of a message. */
  async ids(messageId: string): Promise<string[]> {
    const records = await this.#store.records(collection, { under: recordKey(this.#roomId, messageId), limit: mostEdits, reverse: true });
    return records.map(({ key }) => partsOf(key).at(-1) ?? "");
  }

  /** What is written when a message is deleted. */
  async endOf(messageId: string): Promise<Omit<RecordWrite, "expect">[]> {
    const records = await this.#store.records(collection, { under: recordKey(this.#roomId, messageId), limit: mostRecords });
    return records.map(({ key }) => ({ collection, key }));
  }
}
