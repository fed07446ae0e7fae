import type { Message } from "@chat-widget/protocol";
import type { ChatStore } from "../stores/chat-store.js";
import { partsOf, recordKey, type RecordWrite } from "../stores/records.js";

const collection = "pins";
/** More records than a room has pins are there only when several servers pinned at the same moment, or pinned messages were forgotten. */
const mostRecords = 200;

/** Which messages of a room are pinned: a record for each, written in the transaction of the event that pins it. */
export class Pins {
  readonly #roomId: string;
  readonly #store: ChatStore;
  #last: Promise<unknown> = Promise.resolve();

  constructor(roomId: string, store: ChatStore) {
    this.#roomId = roomId;
    this.#store = store;
  }

  /** What is written with an event that pins a message, or ends that. */
  record(messageId: string, isPinned: boolean): Omit<RecordWrite, "expect"> {
    return { collection, key: recordKey(this.#roomId, messageId), ...(isPinned && { value: {} }) };
  }

  /** Runs something when nothing else runs here, so that two who pin at once do not both find the last place. */
  inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(run, run);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** The pinned messages as they read now, the last pinned first. */
  async read(): Promise<Message[]> {
    const records = await this.#store.records(collection, { under: recordKey(this.#roomId), limit: mostRecords });
    if (records.length === 0) return [];
    const messages = await this.#store.messagesById(this.#roomId, records.map(({ key }) => messageIdOf(key)));
    const pinned = messages.filter(({ pinnedAt }) => pinnedAt !== undefined);
    const ids = new Set(pinned.map(({ id }) => id));
    // The record is read first, so that what it stands for is over, unless it was written anew since.
    const stale = records.filter(({ key }) => !ids.has(messageIdOf(key))).map(({ key, revision }) => ({ collection, key, expect: revision }));
    if (stale.length > 0) await this.#store.writeRecords(stale);
    return pinned.toSorted((a, b) => (b.pinnedAt ?? 0) - (a.pinnedAt ?? 0) || b.rev - a.rev);
  }
}

function messageIdOf(key: string): string {
  return partsOf(key).at(-1) ?? "";
}
