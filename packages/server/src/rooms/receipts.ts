import { type Receipt, signalTiming } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import type { Report } from "../logger.js";
import type { ChatStore } from "../stores/chat-store.js";
import { Delayed } from "./delayed.js";
import type { Publish } from "./publish.js";

/** How many read positions a newcomer is told, the furthest first. */
const toldReceipts = 200;

/** How far each user has read a room: numbers that only grow, told and stored once a second. */
export class Receipts {
  readonly #roomId: string;
  readonly #store: ChatStore;
  readonly #publish: Publish;
  readonly #report: Report;
  readonly #flushSoon: Delayed;
  readonly #onSettled: () => void;
  #positions: Promise<Map<string, number>> | undefined;
  /** Moved since the last flush. */
  #moved = new Map<string, number>();
  #writing: Promise<void> = Promise.resolve();
  #writes = 0;

  constructor(roomId: string, store: ChatStore, publish: Publish, clock: Clock, report: Report, onSettled: () => void) {
    this.#roomId = roomId;
    this.#store = store;
    this.#publish = publish;
    this.#report = report;
    this.#onSettled = onSettled;
    this.#flushSoon = new Delayed(clock, signalTiming.coalesceMs, () => this.#flush());
  }

  /** True when everything is stored. */
  get isSettled(): boolean {
    return this.#moved.size === 0 && this.#writes === 0;
  }

  /** The furthest positions, and that of `userId` in any case. */
  async read(userId: string): Promise<Receipt[]> {
    const positions = await this.#load();
    const receipts = [...positions].map(([userId, seq]) => ({ userId, seq })).sort((a, b) => b.seq - a.seq);
    return receipts.filter((receipt, index) => index < toldReceipts || receipt.userId === userId);
  }

  /** Moves a position forward; a lower one changes nothing. */
  async move(userId: string, seq: number): Promise<void> {
    const positions = await this.#load();
    if (seq <= (positions.get(userId) ?? 0)) return;
    positions.set(userId, seq);
    this.#moved.set(userId, seq);
    this.#flushSoon.request();
  }

  /** Stores what was not yet stored. */
  async close(): Promise<void> {
    if (this.#flushSoon.cancel()) this.#flush();
    await this.#writing;
  }

  #load(): Promise<Map<string, number>> {
    this.#positions ??= this.#store.receipts(this.#roomId).then(
      (receipts) => new Map(receipts.map(({ userId, seq }) => [userId, seq])),
      (error: unknown) => {
        this.#positions = undefined;
        throw error;
      },
    );
    return this.#positions;
  }

  #flush(): void {
    const moved = [...this.#moved];
    this.#moved = new Map();
    this.#publish(this.#roomId, "receipt:moved", { roomId: this.#roomId, receipts: moved.map(([userId, seq]) => ({ userId, seq })) });
    this.#writes += 1;
    this.#writing = this.#write(moved, this.#writing);
  }

  /** Never rejects: a lost read position is read again, nobody waits for this one. */
  async #write(moved: readonly (readonly [string, number])[], before: Promise<void>): Promise<void> {
    await before;
    try {
      for (const [userId, seq] of moved) await this.#store.moveReceipt(this.#roomId, userId, seq);
    } catch (error) {
      this.#report(error, "unable to store read positions");
    }
    this.#writes -= 1;
    this.#onSettled();
  }
}
