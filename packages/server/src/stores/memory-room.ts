import { messageIdOf, type Message, type RoomEvent } from "@chat-widget/protocol";
import { scrub, type StoredEvent } from "./append.js";
import type { Append, Appended, Horizon, LogRead } from "./chat-store.js";
import { stepEvents, takeOld, tombstone } from "./forget.js";
import type { MemoryRecords } from "./memory-records.js";
import type { MessageReader } from "./read-page.js";
import { RoomDraft } from "./room-draft.js";

/** One room's log and what it folds to. */
export class MemoryRoom implements MessageReader {
  readonly receipts = new Map<string, number>();
  /** `#log[i]` has seq `#cleared + i + 1`. */
  #log: StoredEvent[] = [];
  /** The last event of which nothing is left. */
  #cleared = 0;
  /** The last event that is forgotten. */
  #trimmed = 0;
  #byId = new Map<string, StoredEvent>();
  #messages = new Map<string, Message>();
  /** The ids of messages in order of `seq`, and which of all messages of the store they are. */
  #order: { id: string; seq: number; number: number }[] = [];
  readonly #records: MemoryRecords;
  readonly #nextNumber: () => number;

  /** `nextNumber` gives numbers that only grow, for the whole store. */
  constructor(records: MemoryRecords, nextNumber: () => number) {
    this.#records = records;
    this.#nextNumber = nextNumber;
  }

  get head(): number {
    return this.#cleared + this.#log.length;
  }

  append(appends: readonly Append[]): Appended[] {
    const draft = new RoomDraft(this.head, { event: (id) => this.#byId.get(id), message: (id) => this.#messages.get(id) });
    const results = draft.append(appends);
    for (const messageId of draft.deleted) this.#rewriteMessage(messageId, scrub);
    for (const stored of draft.events) {
      this.#log.push(stored);
      this.#byId.set(stored.event.id, stored);
    }
    for (const [id, message] of draft.messages) {
      if (!this.#messages.has(id)) this.#order.push({ id, seq: message.seq, number: this.#nextNumber() });
      this.#messages.set(id, message);
    }
    this.#records.write(draft.records);
    return results;
  }

  eventsAfter(seq: number, limit: number): LogRead {
    if (seq < this.#trimmed) return { kind: "trimmed" };
    return { kind: "events", events: this.#events(seq, limit), head: this.head };
  }

  /** One step; false when there was nothing to forget. */
  forget(horizon: Horizon): boolean {
    const { old } = takeOld(this.#events(this.#trimmed, stepEvents + 1), horizon.messages);
    for (const event of old) this.#bury(event);
    this.#trimmed += old.length;
    const { old: gone } = takeOld(this.#events(this.#cleared, this.#trimmed - this.#cleared), horizon.ids);
    for (const { id } of gone) this.#byId.delete(id);
    this.#log.splice(0, gone.length);
    this.#cleared += gone.length;
    return old.length + gone.length > 0;
  }

  event(id: string): RoomEvent | undefined {
    return this.#byId.get(id)?.event;
  }

  message(id: string): Message | undefined {
    return this.#messages.get(id);
  }

  before(seq: number, limit: number): Message[] {
    const end = this.#indexFrom(seq);
    return this.#messagesOf(this.#order.slice(Math.max(0, end - limit), end).toReversed());
  }

  from(seq: number, limit: number): Message[] {
    const start = this.#indexFrom(seq);
    return this.#messagesOf(this.#order.slice(start, start + limit));
  }

  /** The number of the first message from a place on. */
  numberFrom(seq: number): number | undefined {
    return this.#order[this.#indexFrom(seq)]?.number;
  }

  /** The newest message with a lower number. */
  messageBelow(number: number): { number: number; message: Message } | undefined {
    const index = this.#indexOf((entry) => entry.number >= number) - 1;
    const entry = this.#order[index];
    const message = entry && this.#messages.get(entry.id);
    return message && { number: entry.number, message };
  }

  #events(after: number, limit: number): RoomEvent[] {
    return this.#log.slice(after - this.#cleared, after - this.#cleared + limit).map(({ event }) => event);
  }

  /** What happened to a message goes with it, however late. */
  #bury(event: RoomEvent): void {
    if (messageIdOf(event) === undefined) this.#rewrite(({ id }) => id === event.id, tombstone);
    if (event.type !== "message.sent") return;
    this.#messages.delete(event.id);
    this.#order.splice(this.#indexFrom(event.seq), 1);
    this.#rewriteMessage(event.id, tombstone);
  }

  #rewriteMessage(messageId: string, rewrite: (event: RoomEvent) => RoomEvent): void {
    this.#rewrite((event) => messageIdOf(event) === messageId, rewrite);
  }

  /** Takes what was written out of events. */
  #rewrite(isMeant: (event: RoomEvent) => boolean, rewrite: (event: RoomEvent) => RoomEvent): void {
    for (const stored of this.#log) {
      if (!isMeant(stored.event)) continue;
      stored.event = rewrite(stored.event);
      stored.fingerprint = "";
    }
  }

  /** The first index in `#order` whose `seq` is not below. */
  #indexFrom(seq: number): number {
    return this.#indexOf((entry) => entry.seq >= seq);
  }

  /** The first index in `#order` from which on something holds; by halving. */
  #indexOf(holds: (entry: { seq: number; number: number }) => boolean): number {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#order[middle];
      if (entry !== undefined && !holds(entry)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #messagesOf(entries: readonly { id: string }[]): Message[] {
    return entries.map(({ id }) => this.#messages.get(id)).filter((message) => message !== undefined);
  }
}
