import { ChatError, applyEvent, messageIdOf, messageIdsOf, type Message, type RoomEvent, type WireError } from "@chat-widget/protocol";
import { eventAt, isRepeat, scrub, type StoredEvent } from "./append.js";
import type { Append, Appended, EventDraft } from "./chat-store.js";
import { type RecordWrite, recordKey } from "./records.js";

/** What one caller wants appended to one room, all or nothing. */
export interface AppendRequest {
  roomId: string;
  appends: readonly Append[];
}

/** A request that fails leaves the others of its transaction alone. Can be cloned. */
export type AppendOutcome = { ok: true; results: Appended[] } | { ok: false; error: WireError };

/** What a store has of a room, as far as appends need it. */
export interface RoomReader {
  event(id: string): StoredEvent | undefined;
  message(id: string): Message | undefined;
}

/** An event to be stored, with where it belongs. */
export interface NewEvent extends StoredEvent {
  /** Undefined when it is about the room. */
  messageId: string | undefined;
}

/** The ids of the messages that have to be there for a draft: the one it changes, or the root of its thread. */
export function neededBy(draft: EventDraft): string[] {
  if ("messageId" in draft) return [draft.messageId];
  return draft.type === "message.sent" && draft.threadId !== undefined ? [draft.threadId] : [];
}

/** What appends make of a room; nothing is stored yet. */
export class RoomDraft {
  /** In order, numbered from the head on. */
  readonly events: NewEvent[] = [];
  /** Messages that are new or changed, by id. */
  readonly messages = new Map<string, Message>();
  /** Messages that were deleted: the text of all of their stored events has to go. */
  readonly deleted = new Set<string>();
  /** Messages whose text is new or another one. */
  readonly retold = new Set<string>();
  readonly #records = new Map<string, RecordWrite>();
  readonly #reader: RoomReader;
  readonly #head: number;
  readonly #own = new Map<string, NewEvent>();

  constructor(head: number, reader: RoomReader) {
    this.#head = head;
    this.#reader = reader;
  }

  /** What the stored ones bring along; of each key the last. */
  get records(): RecordWrite[] {
    return [...this.#records.values()];
  }

  get head(): number {
    return this.#head + this.events.length;
  }

  /** All or nothing. @throws {ChatError} `not-found` when a change is about a message that is not there; then the draft is as before */
  append(appends: readonly Append[]): Appended[] {
    this.#check(appends);
    return appends.map((append) => this.#appendOne(append));
  }

  /** The same, and an error is an outcome. */
  attempt(appends: readonly Append[]): AppendOutcome {
    try {
      return { ok: true, results: this.append(appends) };
    } catch (error) {
      if (!ChatError.is(error)) throw error;
      return { ok: false, error: error.toJSON() };
    }
  }

  #check(appends: readonly Append[]): void {
    const ids = new Set<string>();
    const sent = new Set<string>();
    for (const { draft } of appends) {
      const needed = neededBy(draft);
      // A used id is answered without a look at the message.
      if (ids.has(draft.id) || (needed.length > 0 && this.#event(draft.id) !== undefined)) continue;
      ids.add(draft.id);
      if (draft.type === "message.sent") sent.add(draft.id);
      if (needed.some((messageId) => this.#message(messageId) === undefined && !(sent.has(messageId) && this.#event(messageId) === undefined))) throw noSuchMessage(needed[0] ?? "");
    }
  }

  #appendOne(append: Append): Appended {
    const before = this.#event(append.draft.id);
    if (before !== undefined) return isRepeat(before, append) ? { outcome: "repeated", event: before.event } : { outcome: "conflict" };
    const event = this.#eventAt(this.head + 1, append);
    const messageId = messageIdOf(event);
    for (const record of append.records ?? []) this.#bring(record);
    if (append.listed !== undefined) this.#bring({ collection: append.listed.collection, key: recordKey(append.listed.under, event.seq), value: { id: event.id } });
    if (messageId === undefined) return this.#keep({ event, messageId, fingerprint: append.fingerprint });
    // The id of what is sent is new, so that there is no message yet to be looked for.
    const message = applyEvent(event.type === "message.sent" ? undefined : this.#message(messageId), event);
    if (message === undefined) throw noSuchMessage(messageId);
    this.messages.set(messageId, message);
    if (event.type === "message.sent" || event.type === "message.edited" || event.type === "message.deleted") this.retold.add(messageId);
    this.#applyToRoot(event);
    // An edit that lost the race against the deletion brings no text back.
    const isDeleted = message.deletedAt !== undefined;
    if (event.type === "message.deleted") this.#delete(messageId);
    return this.#keep({ event: isDeleted ? scrub(event) : event, messageId, fingerprint: isDeleted ? "" : append.fingerprint });
  }

  #bring(record: RecordWrite): void {
    this.#records.set(JSON.stringify([record.collection, record.key]), record);
  }

  #keep(stored: NewEvent): Appended {
    this.events.push(stored);
    this.#own.set(stored.event.id, stored);
    return { outcome: "stored", event: stored.event };
  }

  /** The deletion of a reply says which thread has one less; one that comes second says nothing, and nobody can know before they are in order. */
  #eventAt(seq: number, append: Append): RoomEvent {
    const event = eventAt(seq, append);
    if (event.type !== "message.deleted") return event;
    const { threadId, deletedAt } = this.#message(event.messageId) ?? {};
    return threadId !== undefined && deletedAt === undefined ? { ...event, threadId } : event;
  }

  /** The root of a thread may be forgotten before its replies. */
  #applyToRoot(event: RoomEvent): void {
    const [, rootId] = messageIdsOf(event);
    const root = rootId === undefined ? undefined : this.#message(rootId);
    if (root !== undefined) this.messages.set(root.id, applyEvent(root, event) ?? root);
  }

  #delete(messageId: string): void {
    this.deleted.add(messageId);
    for (const own of this.events) if (own.messageId === messageId) Object.assign(own, { event: scrub(own.event), fingerprint: "" });
  }

  #event(id: string): StoredEvent | undefined {
    return this.#own.get(id) ?? this.#reader.event(id);
  }

  #message(id: string): Message | undefined {
    return this.messages.get(id) ?? this.#reader.message(id);
  }
}

function noSuchMessage(messageId: string): ChatError {
  return new ChatError("not-found", `unable to append a change; the room has no message ${messageId}`);
}

