import { ChatError, type CommandOutput, type RoomEvent, type WriteResult } from "@chat-widget/protocol";
import { backOffMs } from "../back-off.js";
import { Alarm, type Clock } from "../clock.js";
import { idOf, writeOf, type Ask, type OutboxItem } from "./outbox-item.js";
import { nextBatch } from "./next-batch.js";
import type { OutboxShelf } from "./outbox-shelf.js";

/** What an outbox works with. */
export interface OutboxSurroundings {
  roomId: string;
  clock: Clock;
  random: () => number;
  limits(): { batchSize: number; packetBytes: number };
  /** Sends a batch; rejects like `Connection.request`. */
  send(writes: readonly OutboxItem["write"][]): Promise<CommandOutput<"room:write">>;
  /** The server told what became of a write. */
  onEvent(event: RoomEvent): void;
  onChange(): void;
}

interface Settle {
  resolve(event: RoomEvent | undefined): void;
  reject(error: ChatError): void;
}

/** What of the former user's goes to the present one's shelf: what was asked since this page began, everything, or nothing. */
export type Moving = "asked" | "all" | "none";

/** A command that was asked so long ago is not sent any more without asking the user. */
const oldestMs = 7 * 24 * 3_600_000;
/** A batch whose connection broke this often is sent one by one; a single command that goes on breaking it as often is given up. */
const breaksAllowed = 3;

/**
 * What was asked in one room and not yet told: first in, first out, one batch on its way at a time, with the same ids
 * at every attempt. The only place that asks again.
 */
export class Outbox {
  readonly #around: OutboxSurroundings;
  readonly #retry: Alarm;
  readonly #settle = new Map<string, Settle>();
  #shelf: OutboxShelf | undefined;
  #items: OutboxItem[] = [];
  #isOpen = false;
  #isSending = false;
  #failures = 0;
  #breaks = 0;

  constructor(around: OutboxSurroundings) {
    this.#around = around;
    this.#retry = new Alarm(around.clock, () => void this.#flush());
  }

  /** In the order they were asked. A new array after every change. */
  get items(): readonly OutboxItem[] {
    return this.#items;
  }

  /**
   * Takes over what is kept on a user's shelf, and keeps there what is asked from now on. What was asked for the user before
   * stays on theirs, unless it is moved.
   */
  async restore(shelf: OutboxShelf, moving: Moving): Promise<void> {
    const old = this.#shelf;
    if (old?.key === shelf.key) return;
    this.#shelf = shelf;
    const moved = this.#items.filter((item) => old === undefined || moving === "all" || (moving === "asked" && this.#settle.has(idOf(item))));
    for (const item of moved) {
      old?.remove(item);
      shelf.put(item);
    }
    this.#change(moved);
    const kept = await shelf.load();
    if (this.#shelf !== shelf) return;
    const known = new Set(this.#items.map(idOf));
    this.#change([...kept.filter((item) => !known.has(idOf(item))), ...this.#items]);
    this.#expire();
    void this.#flush();
  }

  /** Asks; resolves with the event once acknowledged, rejects when refused for good. */
  ask(ask: Ask): { id: string; done: Promise<RoomEvent | undefined> } {
    const item: OutboxItem = { write: writeOf(this.#around.roomId, ask), askedAt: this.#around.clock.now() };
    const done = new Promise<RoomEvent | undefined>((resolve, reject) => this.#settle.set(idOf(item), { resolve, reject }));
    // Nobody has to wait for it: a failure shows in the snapshot.
    done.catch(() => undefined);
    this.#shelf?.put(item);
    this.#change([...this.#items, item]);
    void this.#flush();
    return { id: idOf(item), done };
  }

  /** Asks again what failed, as something new. */
  retry(id: string): void {
    const item = this.#items.find((candidate) => idOf(candidate) === id && candidate.error !== undefined);
    if (item === undefined) return;
    this.discard(id);
    const { id: _id, roomId: _roomId, ...input } = item.write.input;
    // Name and input are still the pair they were.
    this.ask({ name: item.write.name, input } as Ask);
  }

  /** Forgets what failed. */
  discard(id: string): void {
    if (this.#items.some((item) => idOf(item) === id && item.error !== undefined)) this.#remove(id);
  }

  /** The room is joined: what waits can go out. */
  open(): void {
    this.#isOpen = true;
    this.#expire();
    void this.#flush();
  }

  /** The connection is gone. */
  shut(): void {
    this.#isOpen = false;
    this.#retry.clear();
  }

  /** Nothing more is sent. What is unsent stays on its shelf; who waits for it is told so. */
  close(): void {
    this.shut();
    const error = new ChatError("unavailable", "unable to wait for the outcome; the room was left, what is unsent is kept until it is taken again");
    for (const { reject } of this.#settle.values()) reject(error);
    this.#settle.clear();
  }

  /** The log holds every event up to here, and these ids were in it. */
  told(ids: Iterable<string>, cursor: number): void {
    for (const id of ids) if (this.#items.some((item) => idOf(item) === id)) this.#remove(id);
    for (const item of this.#items) if (item.event !== undefined && item.event.seq <= cursor) this.#remove(idOf(item));
  }

  async #flush(): Promise<void> {
    if (!this.#isOpen || this.#isSending || this.#retry.isSet) return;
    const waiting = this.#items.filter((item) => item.error === undefined && item.event === undefined);
    const { batchSize, packetBytes } = this.#around.limits();
    const batch = nextBatch(waiting, this.#breaks >= breaksAllowed ? 1 : batchSize, packetBytes);
    if (batch.length === 0) return;
    this.#isSending = true;
    try {
      const { results } = await this.#around.send(batch.map(({ write }) => write));
      this.#breaks = 0;
      this.#settleBatch(batch, results);
    } catch (error) {
      this.#settleFailure(batch, ChatError.is(error) ? error : new ChatError("internal", "unable to send; the transport failed", { cause: error }));
    } finally {
      this.#isSending = false;
    }
    void this.#flush();
  }

  #settleBatch(batch: readonly OutboxItem[], results: readonly WriteResult[]): void {
    for (const [index, item] of batch.entries()) {
      const result = results[index];
      if (result?.ok) this.#succeed(item, result.data.event);
      else if (result !== undefined && result.error.retry === "no") this.#fail(item, new ChatError(result.error));
      else this.#waitToRetry(result?.error.retryAfterMs);
    }
    if (!this.#retry.isSet) this.#failures = 0;
  }

  #settleFailure(batch: readonly OutboxItem[], error: ChatError): void {
    const [first] = batch;
    if (error.retry === "no" && first !== undefined) {
      // Refused as a whole: one by one shows which.
      if (batch.length === 1) this.#fail(first, error);
      else this.#breaks = breaksAllowed;
    } else if (this.#isOpen) {
      this.#waitToRetry(error.retryAfterMs);
    } else if (++this.#breaks >= 2 * breaksAllowed && batch.length === 1 && first !== undefined) {
      this.#breaks = breaksAllowed;
      this.#fail(first, new ChatError("undeliverable", "unable to send; the connection broke each time it was tried"));
    }
  }

  #waitToRetry(afterMs = 0): void {
    if (!this.#retry.isSet) this.#retry.set(Math.max(afterMs, backOffMs(this.#failures++, this.#around.random)));
  }

  #succeed(item: OutboxItem, event: RoomEvent | undefined): void {
    this.#shelf?.remove(item);
    // Until its turn in the log comes, it stays as it looks.
    this.#change(event === undefined ? this.#items.filter((other) => other !== item) : this.#items.map((other) => (other === item ? { ...item, event } : other)));
    if (event !== undefined) this.#around.onEvent(event);
    this.#settle.get(idOf(item))?.resolve(event);
    this.#settle.delete(idOf(item));
  }

  #fail(item: OutboxItem, error: ChatError): void {
    // The log may have told meanwhile that it is done after all.
    if (!this.#items.includes(item)) return;
    const failed = { ...item, error: error.toJSON() };
    // Only a message is worth a second try by hand; a failed change falls back to what the log says.
    const isMessage = item.write.name === "message:send";
    if (isMessage) this.#shelf?.put(failed);
    else this.#shelf?.remove(item);
    this.#change(this.#items.flatMap((other) => (other !== item ? [other] : isMessage ? [failed] : [])));
    this.#settle.get(idOf(item))?.reject(error);
    this.#settle.delete(idOf(item));
  }

  #expire(): void {
    const limit = this.#around.clock.now() - oldestMs;
    for (const item of this.#items) {
      if (item.askedAt < limit && item.error === undefined && item.event === undefined) {
        this.#fail(item, new ChatError("undeliverable", "unable to send; it was written more than seven days ago"));
      }
    }
  }

  #remove(id: string): void {
    const item = this.#items.find((candidate) => idOf(candidate) === id);
    if (item === undefined) return;
    this.#shelf?.remove(item);
    this.#change(this.#items.filter((other) => other !== item));
    this.#settle.get(id)?.resolve(item.event);
    this.#settle.delete(id);
  }

  #change(items: OutboxItem[]): void {
    this.#items = items;
    this.#around.onChange();
  }
}
