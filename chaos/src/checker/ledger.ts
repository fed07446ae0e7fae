import { applyEvent, messageIdOf, type Message, type RoomEvent } from "@chat-widget/protocol";
import { contentDigest, messageDigest } from "../history/digest.ts";
import type { RoomDump } from "../node/read-store.ts";

/** One event of the store, with what the checks need to know of it. */
export interface Entry {
  seq: number;
  id: string;
  type: RoomEvent["type"];
  messageId: string;
  digest: number;
  /** Its text was taken out of the log when the message was deleted, so that its digest says nothing. */
  isScrubbed: boolean;
}

/** What the store holds of one room, indexed: the truth that histories are held against. */
export class Ledger {
  readonly room: string;
  readonly epoch: string;
  /** In the order of the store. */
  readonly entries: readonly Entry[];
  /** By message id, as the log folds. */
  readonly messages: ReadonlyMap<string, Message>;
  /** As the store folded them. */
  readonly storedMessages: readonly Message[];
  readonly #byId = new Map<string, Entry[]>();
  readonly #bySeq = new Map<number, Entry>();
  readonly #seqsOfMessage = new Map<string, number[]>();

  constructor({ room, epoch, events, messages }: RoomDump) {
    this.room = room;
    this.epoch = epoch;
    this.storedMessages = messages;
    const folded = new Map<string, Message>();
    for (const event of events) {
      const message = applyEvent(folded.get(messageIdOf(event) ?? ""), event);
      if (message !== undefined) folded.set(message.id, message);
    }
    this.messages = folded;
    this.entries = events.map((event) => {
      const messageId = messageIdOf(event) ?? "";
      const isScrubbed = "text" in event && folded.get(messageId)?.deletedAt !== undefined;
      return { seq: event.seq, id: event.id, type: event.type, messageId, digest: contentDigest(event), isScrubbed };
    });
    for (const entry of this.entries) {
      this.#bySeq.set(entry.seq, entry);
      this.#byId.set(entry.id, [...(this.#byId.get(entry.id) ?? []), entry]);
      const seqs = this.#seqsOfMessage.get(entry.messageId);
      if (seqs === undefined) this.#seqsOfMessage.set(entry.messageId, [entry.seq]);
      else seqs.push(entry.seq);
    }
  }

  get head(): number {
    return this.entries.at(-1)?.seq ?? 0;
  }

  at(seq: number): Entry | undefined {
    return this.#bySeq.get(seq);
  }

  /** Every event with this id; more than one is a fault. */
  withId(id: string): readonly Entry[] {
    return this.#byId.get(id) ?? [];
  }

  /** The last event of a message at or before a place; 0 when there is none. */
  revAt(messageId: string, seq: number): number {
    return this.#seqsOfMessage.get(messageId)?.findLast((own) => own <= seq) ?? 0;
  }

  /** How many messages there are from one place to another, both included. */
  messagesBetween(from: number, to: number): number {
    let count = 0;
    for (const { seq } of this.messages.values()) if (seq >= from && seq <= to) count += 1;
    return count;
  }

  /** The messages from a place on, as a screen that shows them all shows them, added up. */
  sumFrom(from: number): { count: number; sum: number } {
    let [count, sum] = [0, 0];
    for (const message of this.messages.values()) {
      if (message.seq < from) continue;
      count += 1;
      sum = (sum + messageDigest(message)) >>> 0;
    }
    return { count, sum };
  }
}

/** Ledgers by room. */
export function ledgersOf(dumps: readonly RoomDump[]): ReadonlyMap<string, Ledger> {
  return new Map(dumps.map((dump) => [dump.room, new Ledger(dump)]));
}
