import { isAmong, messageIdOf, type Message, type RoomEvent } from "@chat-widget/protocol";
import { scrub, type StoredEvent } from "./append.js";
import { type Append, type Appended, type Horizon, type LogRead, type Reading, lookedAtForUnread } from "./chat-store.js";
import { redactEvent, redactMessage, stepEvents, takeOld, tombstone } from "./forget.js";
import type { MemoryRecords } from "./memory-records.js";
import type { MessageReader } from "./read-page.js";
import { RoomDraft } from "./room-draft.js";

interface Place {
  id: string;
  seq: number;
}

/** One room's log and what it folds to. */
export class MemoryRoom {
  readonly receipts = new Map<string, number>();
  /** `#log[i]` has seq `#cleared + i + 1`. */
  #log: StoredEvent[] = [];
  /** The last event of which nothing is left. */
  #cleared = 0;
  /** The last event that is forgotten. */
  #trimmed = 0;
  #byId = new Map<string, StoredEvent>();
  #messages = new Map<string, Message>();
  /** All messages in order of `seq`, and which of all messages of the store they are. */
  #order: (Place & { number: number })[] = [];
  /** The messages of the room and of each thread in order of `seq`; a reply may be in both. */
  #shelves = new Map<string | undefined, Place[]>();
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
      if (!this.#messages.has(id)) this.#place(message);
      this.#messages.set(id, message);
    }
    this.#records.write(draft.records);
    return results;
  }

  eventsAfter(seq: number, limit: number): LogRead {
    if (seq < this.#trimmed) return { kind: "trimmed" };
    return { kind: "events", events: this.events(seq, limit), head: this.head };
  }

  /** What is there of the log after a place, forgotten or not. */
  events(after: number, limit: number): RoomEvent[] {
    const start = Math.max(0, after - this.#cleared);
    return this.#log.slice(start, start + limit).map(({ event }) => event);
  }

  /** Takes names out of the events of these places, and of the messages they sent. */
  redact(seqs: ReadonlySet<number>): void {
    this.#rewrite(({ seq }) => seqs.has(seq), redactEvent);
    for (const seq of seqs) {
      const entry = this.#order[indexFrom(this.#order, seq)];
      const message = entry?.seq === seq ? this.#messages.get(entry.id) : undefined;
      if (message !== undefined) this.#messages.set(message.id, redactMessage(message));
    }
  }

  /** One step; false when there was nothing to forget. */
  forget(horizon: Horizon): boolean {
    const { old } = takeOld(this.events(this.#trimmed, stepEvents + 1), horizon.messages);
    for (const event of old) this.#bury(event);
    this.#trimmed += old.length;
    const { old: gone } = takeOld(this.events(this.#cleared, this.#trimmed - this.#cleared), horizon.ids);
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

  reading(userId: string, most: number): Reading {
    const seq = this.receipts.get(userId) ?? 0;
    const unread = this.reader(undefined).from(seq + 1, lookedAtForUnread).filter(({ author, deletedAt }) => author.id !== userId && deletedAt === undefined);
    const mentions = unread.filter((message) => message.mentions?.includes(userId));
    return { seq, unread: Math.min(unread.length, most), mentions: Math.min(mentions.length, most) };
  }

  /** The messages of the room, or of one thread. */
  reader(threadId: string | undefined): MessageReader {
    const shelf = this.#shelves.get(threadId) ?? [];
    return {
      before: (seq, limit) => {
        const end = indexFrom(shelf, seq);
        return this.#messagesOf(shelf.slice(Math.max(0, end - limit), end).toReversed());
      },
      from: (seq, limit) => {
        const start = indexFrom(shelf, seq);
        return this.#messagesOf(shelf.slice(start, start + limit));
      },
    };
  }

  /** The number of the first message from a place on. */
  numberFrom(seq: number): number | undefined {
    return this.#order[indexFrom(this.#order, seq)]?.number;
  }

  /** The newest message with a lower number. */
  messageBelow(number: number): { number: number; message: Message } | undefined {
    const index = indexOf(this.#order, (entry) => entry.number >= number) - 1;
    const entry = this.#order[index];
    const message = entry && this.#messages.get(entry.id);
    return message && { number: entry.number, message };
  }

  /** What happened to a message goes with it, however late. */
  #bury(event: RoomEvent): void {
    if (messageIdOf(event) === undefined) this.#rewrite(({ id }) => id === event.id, tombstone);
    if (event.type !== "message.sent") return;
    for (const order of [this.#order, ...this.#shelvesOf(event)]) order.splice(indexFrom(order, event.seq), 1);
    this.#messages.delete(event.id);
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

  #place(message: Message): void {
    const { id, seq } = message;
    this.#order.push({ id, seq, number: this.#nextNumber() });
    for (const shelf of this.#shelvesOf(message)) shelf.push({ id, seq });
  }

  /** Where a message has its place: in its thread, in the room, or in both. */
  #shelvesOf(message: Pick<Message, "threadId" | "alsoInRoom">): Place[][] {
    const threads = [...new Set([message.threadId, undefined])].filter((threadId) => isAmong(threadId, message));
    for (const threadId of threads) if (!this.#shelves.has(threadId)) this.#shelves.set(threadId, []);
    return threads.flatMap((threadId) => [this.#shelves.get(threadId) ?? []]);
  }

  #messagesOf(entries: readonly { id: string }[]): Message[] {
    return entries.map(({ id }) => this.#messages.get(id)).filter((message) => message !== undefined);
  }
}

/** The first index whose `seq` is not below. */
function indexFrom(order: readonly Place[], seq: number): number {
  return indexOf(order, (place) => place.seq >= seq);
}

/** The first index from which on something holds; by halving. */
function indexOf<P>(order: readonly P[], holds: (place: P) => boolean): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const place = order[middle];
    if (place !== undefined && !holds(place)) low = middle + 1;
    else high = middle;
  }
  return low;
}
