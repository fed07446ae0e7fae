import { randomBytes, randomUUID } from "node:crypto";
import { ChatError, applyEvent, messageIdOf, type Message, type RoomEvent } from "@chat-widget/protocol";
import { eventAt, isRepeat, scrub, type StoredEvent } from "./append.js";
import type { Append, Appended, ChatStore } from "./chat-store.js";
import { readPage, type MessageReader } from "./read-page.js";

/** A store that forgets everything when the process ends; for tests and first steps. */
export function memoryStore(): ChatStore {
  const identity = { epoch: randomUUID(), secret: new Uint8Array(randomBytes(32)) };
  const rooms = new Map<string, MemoryRoom>();
  const roomOf = (roomId: string): MemoryRoom => {
    const room = rooms.get(roomId) ?? new MemoryRoom();
    rooms.set(roomId, room);
    return room;
  };
  return {
    open: async () => identity,
    append: async (roomId, appends) => roomOf(roomId).append(appends),
    heads: async (roomIds) => roomIds.map((roomId) => rooms.get(roomId)?.head ?? 0),
    eventsAfter: async (roomId, seq, limit) => {
      const room = rooms.get(roomId);
      return { kind: "events", events: room?.eventsAfter(seq, limit) ?? [], head: room?.head ?? 0 };
    },
    eventsById: async (roomId, ids) => ids.map((id) => rooms.get(roomId)?.event(id)).filter((event) => event !== undefined),
    messages: async (roomId, query) => readPage(rooms.get(roomId) ?? new MemoryRoom(), query, rooms.get(roomId)?.head ?? 0),
    messagesById: async (roomId, ids) => ids.map((id) => rooms.get(roomId)?.message(id)).filter((message) => message !== undefined),
    receipts: async (roomId) => [...(rooms.get(roomId)?.receipts ?? [])].map(([userId, seq]) => ({ userId, seq })),
    moveReceipt: async (roomId, userId, seq) => {
      const { receipts } = roomOf(roomId);
      receipts.set(userId, Math.max(seq, receipts.get(userId) ?? 0));
    },
    close: async () => {},
  };
}

/** One room's log and what it folds to. */
class MemoryRoom implements MessageReader {
  readonly receipts = new Map<string, number>();
  /** `#log[i]` has seq `i + 1`. */
  #log: StoredEvent[] = [];
  #byId = new Map<string, StoredEvent>();
  #messages = new Map<string, Message>();
  /** The ids of messages in order of `seq`. */
  #order: { id: string; seq: number }[] = [];

  get head(): number {
    return this.#log.length;
  }

  append(appends: readonly Append[]): Appended[] {
    this.#checkMessages(appends);
    return appends.map((append) => this.#appendOne(append));
  }

  eventsAfter(seq: number, limit: number): RoomEvent[] {
    return this.#log.slice(seq, seq + limit).map(({ event }) => event);
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

  /** All or nothing: a change to a message that will not be there is found before anything is stored. */
  #checkMessages(appends: readonly Append[]): void {
    const ids = new Set<string>();
    const sent = new Set<string>();
    for (const { draft } of appends) {
      // A used id is answered without a look at the message.
      if (this.#byId.has(draft.id) || ids.has(draft.id)) continue;
      ids.add(draft.id);
      if (draft.type === "message.sent") sent.add(draft.id);
      else if (!this.#messages.has(draft.messageId) && !sent.has(draft.messageId)) throw noSuchMessage(draft.messageId);
    }
  }

  #appendOne(append: Append): Appended {
    const known = this.#byId.get(append.draft.id);
    if (known !== undefined) return isRepeat(known, append) ? { outcome: "repeated", event: known.event } : { outcome: "conflict" };
    const event = eventAt(this.head + 1, append);
    const messageId = messageIdOf(event);
    const message = applyEvent(this.#messages.get(messageId), event);
    if (message === undefined) throw noSuchMessage(messageId);
    this.#messages.set(messageId, message);
    if (event.type === "message.sent") this.#order.push({ id: messageId, seq: event.seq });
    const stored = { event, fingerprint: append.fingerprint };
    this.#log.push(stored);
    this.#byId.set(event.id, stored);
    // An edit that lost the race against the deletion brings no text back.
    if (message.deletedAt !== undefined) this.#scrub(event.type === "message.deleted" ? this.#log : [stored], messageId);
    return { outcome: "stored", event: stored.event };
  }

  #scrub(log: readonly StoredEvent[], messageId: string): void {
    for (const stored of log) {
      if (messageIdOf(stored.event) !== messageId) continue;
      stored.event = scrub(stored.event);
      stored.fingerprint = "";
    }
  }

  /** The first index in `#order` whose `seq` is not below; by halving. */
  #indexFrom(seq: number): number {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#order[middle]?.seq ?? Infinity) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #messagesOf(entries: readonly { id: string }[]): Message[] {
    return entries.map(({ id }) => this.#messages.get(id)).filter((message) => message !== undefined);
  }
}

function noSuchMessage(messageId: string): ChatError {
  return new ChatError("not-found", `unable to append a change; the room has no message ${messageId}`);
}
