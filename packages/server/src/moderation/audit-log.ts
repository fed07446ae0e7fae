import { AuditEntry } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import type { Clock } from "../clock.js";
import type { ChatStore } from "../stores/chat-store.js";
import { type RecordWrite, recordKey } from "../stores/records.js";

const all = "audit";
const ofRoom = "room-audit";
const forgottenAtOnce = 200;

/** What is told of a deed; when it was done is the log's to say. */
export type Deed = Omit<AuditEntry, "id" | "at">;

/** Which entries to read. */
export interface AuditQuery {
  /** Only those about this room. */
  roomId?: string | undefined;
  /** Only those before the entry of this id. */
  before?: string | undefined;
  limit: number;
}

/** What was done to keep the chat decent, by whom and why. Nothing in it is ever changed; it only grows, unless the application wants old entries forgotten. */
export class AuditLog {
  readonly #store: ChatStore;
  readonly #clock: Clock;
  #count = 0;

  constructor(store: ChatStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The records that note a deed, to be written in one transaction with it. */
  note(deed: Deed): RecordWrite[] {
    const at = this.#clock.now();
    // Two of one millisecond keep their order.
    const id = uuidv7({ msecs: at, seq: (this.#count = (this.#count + 1) % 0x7fff_ffff) });
    const value: AuditEntry = { id, at, ...deed };
    const writes: RecordWrite[] = [{ collection: all, key: id, value }];
    if (deed.roomId !== undefined) writes.push({ collection: ofRoom, key: recordKey(deed.roomId, id), value });
    return writes;
  }

  /** Removes some of the entries from before a time. Gives whether there are no more of them. */
  async forget(before: number): Promise<boolean> {
    const oldest = (await this.#store.records(all, { limit: forgottenAtOnce })).map(({ value }) => AuditEntry.parse(value));
    const old = oldest.filter(({ at }) => at < before);
    const removals = old.flatMap(({ id, roomId }) => [{ collection: all, key: id }, ...(roomId === undefined ? [] : [{ collection: ofRoom, key: recordKey(roomId, id) }])]);
    if (removals.length > 0) await this.#store.writeRecords(removals);
    return old.length < forgottenAtOnce;
  }

  /** Entries, the newest first. */
  async read({ roomId, before, limit }: AuditQuery): Promise<AuditEntry[]> {
    const records =
      roomId === undefined
        ? await this.#store.records(all, { ...(before !== undefined && { after: before }), limit, reverse: true })
        : await this.#store.records(ofRoom, { under: roomId, ...(before !== undefined && { after: recordKey(roomId, before) }), limit, reverse: true });
    return records.map(({ value }) => AuditEntry.parse(value));
  }
}
