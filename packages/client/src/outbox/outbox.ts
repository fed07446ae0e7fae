import { ChatError, type Attachment, type CommandOutput, type RoomEvent, type WriteResult } from "@chat-widget/protocol";
import { backOffMs } from "../back-off.js";
import { Alarm, type Clock } from "../clock.js";
import { idOf, isWaiting, writeOf, type Ask, type OutboxItem } from "./outbox-item.js";
import { KeptItems } from "./kept-items.js";
import { nextBatch } from "./next-batch.js";
import { Outcomes } from "./outcomes.js";
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

/** What of the former user's goes to the present one's shelf: what was asked since this page began, everything, or nothing. */
export type Moving = "asked" | "all" | "none";

/** A command that was asked so long ago is not sent any more without asking the user. */
const oldestMs = 7 * 24 * 3_600_000;
/** A command on which the connection died this often, in company and then alone, is given up. */
const mostBreaks = 6;
/** How long a page is left alone with what it asked before its siblings look at it, and ask too. */
const adoptMs = 500;

/**
 * What was asked in one room and not yet told: first in, first out, one batch on its way at a time, with the same ids
 * at every attempt. The only place that asks again.
 */
export class Outbox {
  readonly #around: OutboxSurroundings;
  readonly #retry: Alarm;
  readonly #adopt: Alarm;
  readonly #outcomes = new Outcomes();
  readonly #items: KeptItems;
  /** Whether the shelf is that of whoever was here last, while nobody has said who is here now. */
  #isPresumed = false;
  #isOpen = false;
  #isSending = false;
  #failures = 0;
  /** Why the room is closed to us. */
  #refusal: ChatError | undefined;
  /** What other pages put on the shelf or removed since it was read. */
  #touched = new Set<string>();
  /** How often the shelf is being read, and what was removed meanwhile. */
  #reads = 0;
  #removed = new Set<string>();

  constructor(around: OutboxSurroundings) {
    this.#around = around;
    this.#items = new KeptItems(() => around.onChange());
    this.#retry = new Alarm(around.clock, () => void this.#flush());
    this.#adopt = new Alarm(around.clock, () => void this.#read());
  }

  /** In the order they were asked. A new array after every change. */
  get items(): readonly OutboxItem[] {
    return this.#items.all;
  }

  /** Whether so much waits that no more can be asked. */
  get isFull(): boolean {
    return this.#items.isFull;
  }

  /**
   * Takes over what is kept on a user's shelf, and keeps there what is asked from now on. What was asked for the user before
   * stays on theirs, unless it is moved.
   */
  async restore(shelf: OutboxShelf, moving: Moving): Promise<void> {
    const old = this.#items.shelf;
    if (old?.key === shelf.key && !this.#isPresumed) return;
    this.#isPresumed = false;
    if (old?.key !== shelf.key) {
      this.#items.moveTo(shelf, (item) => old === undefined || moving === "all" || (moving === "asked" && this.#outcomes.isExpected(idOf(item))));
      this.#outcomes.giveUp("somebody else is here now, and what was unsent is theirs who asked", this.items.map(idOf));
    }
    this.#touched = new Set();
    void this.#items.shelf?.share((id) => {
      this.#touched.add(id);
      this.#adopt.set(adoptMs);
    });
    await this.#read();
  }

  /** Keeps what is asked for whoever was here last, until the server says who is here; of theirs nothing is shown. */
  presume(shelf: OutboxShelf): void {
    if (this.#items.shelf !== undefined) return;
    this.#isPresumed = true;
    this.#items.moveTo(shelf, () => true);
  }

  /** Asks; resolves with the event once acknowledged, rejects when refused for good. */
  ask(ask: Ask, attachments?: readonly Attachment[]): { id: string; done: Promise<RoomEvent | undefined> } {
    const item: OutboxItem = { write: writeOf(this.#around.roomId, ask), askedAt: this.#around.clock.now(), ...(attachments && { attachments }) };
    const done = this.#outcomes.expect(idOf(item));
    this.#items.append(item);
    void this.#flush();
    return { id: idOf(item), done };
  }

  /** Asks again what failed, behind everything else, with the id it has: what the server has after all is not done twice. */
  retry(id: string): void {
    const item = this.#items.find(id);
    if (item?.error === undefined) return;
    const { error: _error, breaks: _breaks, ...again } = item;
    this.#items.append({ ...again, askedAt: this.#around.clock.now() });
    void this.#flush();
  }

  /** Forgets what failed. */
  discard(id: string): void {
    if (this.#items.find(id)?.error !== undefined) this.#remove(id);
  }

  /** The room is joined: what waits can go out, what other pages left behind included. */
  open(): void {
    this.#isOpen = true;
    this.#refusal = undefined;
    this.#expire();
    void this.#flush();
    void this.#read();
  }

  /** The server will not let us in: nothing of what waits can be sent. */
  refuse(error: ChatError): void {
    this.shut();
    this.#refusal = error;
    for (const item of this.items) if (isWaiting(item)) this.#fail(item, error);
  }

  /** The connection is gone. */
  shut(): void {
    this.#isOpen = false;
    this.#retry.clear();
  }

  /** Nothing more is sent. What is unsent stays on its shelf; who waits for it is told so. */
  close(reason: string): void {
    this.shut();
    this.#adopt.clear();
    this.#items.shelf?.leave();
    this.#outcomes.giveUp(reason);
  }

  /** The log holds every event up to here, and these ids were in it, or what they became is in its messages. */
  told(told: Iterable<readonly [id: string, event: RoomEvent | undefined]>, cursor: number): void {
    for (const [id, event] of told) this.#remove(id, event);
    for (const item of this.items) if (item.event !== undefined && item.event.seq <= cursor) this.#remove(idOf(item));
    void this.#flush();
  }

  /** The log began anew, perhaps as one that has lost what was acknowledged: it is asked again. */
  doubt(): void {
    for (const { event, ...item } of this.items) if (event !== undefined) this.#items.keep(item);
  }

  async #flush(): Promise<void> {
    // What is kept may have been asked before what was asked here.
    if (!this.#isOpen || this.#reads > 0 || this.#isSending || this.#retry.isSet || !this.items.some(isWaiting)) return;
    this.#isSending = true;
    const send = () => this.#sendBatch();
    await (this.#items.shelf?.inTurn(send) ?? send());
    this.#isSending = false;
    void this.#flush();
  }

  async #sendBatch(): Promise<void> {
    const { batchSize, packetBytes } = this.#around.limits();
    const batch = nextBatch(this.items.filter(isWaiting), batchSize, packetBytes);
    // While this page waited for its turn, another may have done it, or the connection ended.
    if (!this.#isOpen || batch.length === 0) return;
    try {
      const { results } = await this.#around.send(batch.map(({ write }) => write));
      this.#settleBatch(batch, results);
    } catch (error) {
      this.#settleFailure(batch, ChatError.is(error) ? error : new ChatError("internal", "unable to send; the transport failed", { cause: error }));
    }
  }

  #settleBatch(batch: readonly OutboxItem[], results: readonly WriteResult[]): void {
    for (const [index, { write }] of batch.entries()) {
      // Whatever it was taken for meanwhile, this is what became of it.
      const item = this.#items.find(write.input.id);
      const result = results[index];
      if (item === undefined) continue;
      if (result?.ok) this.#succeed(item, result.data.event);
      else if (!isWaiting(item)) continue;
      else if (result !== undefined && result.error.retry === "no") this.#fail(item, new ChatError(result.error));
      else this.#waitToRetry(result?.error.retryAfterMs);
    }
    if (!this.#retry.isSet) this.#failures = 0;
  }

  #settleFailure(batch: readonly OutboxItem[], error: ChatError): void {
    if (error.retry !== "no" && this.#isOpen) return this.#waitToRetry(error.retryAfterMs);
    for (const { write } of batch) {
      const item = this.#items.find(write.input.id);
      if (item === undefined || !isWaiting(item)) continue;
      // Refused as a whole: one by one shows which.
      const breaks = error.retry === "no" ? mostBreaks - 1 : (item.breaks ?? 0) + 1;
      if (batch.length > 1 || (error.retry !== "no" && breaks < mostBreaks)) this.#items.keep({ ...item, breaks });
      else this.#fail(item, error.retry === "no" ? error : new ChatError("undeliverable", "unable to send; the connection broke each time it was tried"));
    }
  }

  #waitToRetry(afterMs = 0): void {
    if (!this.#retry.isSet) this.#retry.set(Math.max(afterMs, backOffMs(this.#failures++, this.#around.random)));
  }

  #succeed({ error: _error, ...item }: OutboxItem, event: RoomEvent | undefined): void {
    if (event === undefined) return this.#remove(idOf(item));
    // Until its turn in the log comes, it stays as it looks.
    this.#items.settle({ ...item, event });
    this.#around.onEvent(event);
    this.#outcomes.done(idOf(item), event);
  }

  #fail(item: OutboxItem, error: ChatError): void {
    this.#outcomes.failed(idOf(item), error);
    // Only a message is worth a second try by hand; a failed change falls back to what the log says.
    if (item.write.name === "message:send") this.#items.keep({ ...item, error: error.toJSON() });
    else this.#remove(idOf(item));
  }

  /** Takes what other pages left on the shelf, and follows what they decided about what failed. */
  async #read(): Promise<void> {
    const [shelf, touched] = [this.#items.shelf, this.#touched];
    if (shelf === undefined) return;
    this.#touched = new Set();
    this.#reads += 1;
    const kept = new Map((await shelf.load()).map((item) => [idOf(item), item]));
    const removed = this.#removed;
    if (--this.#reads === 0) this.#removed = new Set();
    if (this.#items.shelf !== shelf) return;
    for (const item of this.items) {
      const other = kept.get(idOf(item));
      if (other?.error !== undefined && isWaiting(item)) this.#fail(item, new ChatError(other.error));
      if (item.error === undefined || !touched.has(idOf(item))) continue;
      if (other === undefined) this.#remove(idOf(item));
      else if (isWaiting(other)) this.#items.replace(other);
    }
    for (const id of [...removed, ...this.items.map(idOf)]) kept.delete(id);
    if (kept.size > 0) this.#items.merge(kept.values());
    if (this.#refusal !== undefined) this.refuse(this.#refusal);
    this.#expire();
    void this.#flush();
  }

  #expire(): void {
    const limit = this.#around.clock.now() - oldestMs;
    for (const item of this.items) {
      if (item.askedAt < limit && isWaiting(item)) this.#fail(item, new ChatError("undeliverable", "unable to send; it was written more than seven days ago"));
    }
  }

  #remove(id: string, event?: RoomEvent): void {
    const item = this.#items.find(id);
    if (item === undefined) return;
    if (this.#reads > 0) this.#removed.add(id);
    this.#items.remove(id);
    this.#outcomes.done(id, event ?? item.event);
  }
}
