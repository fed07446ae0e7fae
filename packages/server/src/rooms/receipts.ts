import { type Receipt, signalTiming } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import type { Report } from "../logger.js";
import type { Tell } from "../nodes/node-message.js";
import type { ChatStore } from "../stores/chat-store.js";
import { Delayed } from "./delayed.js";
import type { Publish } from "./publish.js";

/** How many read positions a newcomer is told, the furthest first. */
const toldReceipts = 200;

interface ReceiptsOptions {
  roomId: string;
  store: ChatStore;
  publish: Publish;
  tell: Tell;
  clock: Clock;
  report: Report;
  /** Called whenever the last of what waited is stored. */
  onSettled: () => void;
}

/** How far each user has read a room: numbers that only grow, told and stored once a second. */
export class Receipts {
  readonly #options: ReceiptsOptions;
  readonly #flushSoon: Delayed;
  #positions: Promise<Map<string, number>> | undefined;
  /** Moved since the last flush. */
  #moved = new Map<string, number>();
  #writing: Promise<void> = Promise.resolve();
  #writes = 0;

  constructor(options: ReceiptsOptions) {
    this.#options = options;
    this.#flushSoon = new Delayed(options.clock, signalTiming.coalesceMs, () => this.#flush());
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

  /** Takes positions that another node stored. Those that nobody here asked for are in the store when somebody does. */
  async hear(receipts: readonly Receipt[]): Promise<void> {
    const positions = await this.#positions?.catch(() => undefined);
    if (positions === undefined) return;
    const moved = receipts.filter(({ userId, seq }) => seq > (positions.get(userId) ?? 0));
    if (moved.length === 0) return;
    for (const { userId, seq } of moved) positions.set(userId, seq);
    this.#tellHere(moved);
  }

  /** Stores what was not yet stored. */
  async close(): Promise<void> {
    if (this.#flushSoon.cancel()) this.#flush();
    await this.#writing;
  }

  #load(): Promise<Map<string, number>> {
    this.#positions ??= this.#options.store.receipts(this.#options.roomId).then(
      (receipts) => new Map(receipts.map(({ userId, seq }) => [userId, seq])),
      (error: unknown) => {
        this.#positions = undefined;
        throw error;
      },
    );
    return this.#positions;
  }

  #flush(): void {
    const moved = [...this.#moved].map(([userId, seq]) => ({ userId, seq }));
    this.#moved = new Map();
    this.#tellHere(moved);
    this.#writes += 1;
    this.#writing = this.#write(moved, this.#writing);
  }

  #tellHere(receipts: Receipt[]): void {
    const { roomId, publish } = this.#options;
    publish(roomId, "receipt:moved", { roomId, receipts });
  }

  /** Never rejects: a lost read position is read again, nobody waits for this one. */
  async #write(moved: Receipt[], before: Promise<void>): Promise<void> {
    const { roomId, store, tell, report, onSettled } = this.#options;
    await before;
    try {
      for (const { userId, seq } of moved) await store.moveReceipt(roomId, userId, seq);
      // Not before: a node that opens the room now reads the store.
      tell({ kind: "receipts", roomId, receipts: moved });
    } catch (error) {
      report(error, "unable to store read positions");
    }
    this.#writes -= 1;
    onSettled();
  }
}
