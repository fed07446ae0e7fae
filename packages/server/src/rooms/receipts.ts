import { type Receipt, signalTiming } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import type { Report } from "../logger.js";
import type { Tell } from "../nodes/node-message.js";
import type { ChatStore } from "../stores/chat-store.js";
import { Delayed } from "./delayed.js";
import { Furthest } from "./furthest.js";
import type { Publish } from "./publish.js";

/** How many read positions a newcomer is told, the furthest first. */
const toldReceipts = 200;
/** How many the store is given at once: few of its connections, and still few waits for its disk. */
const storedAtOnce = 50;

interface Positions {
  ofUser: Map<string, number>;
  furthest: Furthest;
}

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
  #positions: Promise<Positions> | undefined;
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
    const { ofUser, furthest } = await this.#load();
    const own = ofUser.get(userId);
    const isOwnAmong = own === undefined || furthest.receipts.some((receipt) => receipt.userId === userId);
    return isOwnAmong ? [...furthest.receipts] : [...furthest.receipts, { userId, seq: own }];
  }

  /** Moves a position forward; a lower one changes nothing. */
  async move(userId: string, seq: number): Promise<void> {
    if (!setPosition(await this.#load(), { userId, seq })) return;
    this.#moved.set(userId, seq);
    this.#flushSoon.request();
  }

  /** Takes positions that another node stored. Those that nobody here asked for are in the store when somebody does. */
  async hear(receipts: readonly Receipt[]): Promise<void> {
    const positions = await this.#positions?.catch(() => undefined);
    if (positions === undefined) return;
    const moved = receipts.filter((receipt) => setPosition(positions, receipt));
    if (moved.length > 0) this.#tellHere(moved);
  }

  /** Lets go of a user's position; the one who asks for it has the store forget it too. */
  async forget(userId: string): Promise<void> {
    this.#moved.delete(userId);
    const positions = await this.#positions?.catch(() => undefined);
    positions?.ofUser.delete(userId);
    positions?.furthest.forget(userId);
  }

  /** Stores what was not yet stored. */
  async close(): Promise<void> {
    if (this.#flushSoon.cancel()) this.#flush();
    await this.#writing;
  }

  #load(): Promise<Positions> {
    this.#positions ??= this.#options.store.receipts(this.#options.roomId).then(
      (receipts) => ({ ofUser: new Map(receipts.map(({ userId, seq }) => [userId, seq])), furthest: new Furthest(toldReceipts, receipts) }),
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
      for (let start = 0; start < moved.length; start += storedAtOnce) {
        await Promise.all(moved.slice(start, start + storedAtOnce).map(({ userId, seq }) => store.moveReceipt(roomId, userId, seq)));
      }
      // Not before: a node that opens the room now reads the store.
      tell({ kind: "receipts", roomId, receipts: moved });
    } catch (error) {
      report(error, "unable to store read positions");
    }
    this.#writes -= 1;
    onSettled();
  }
}

/** False when the position was as far before. */
function setPosition({ ofUser, furthest }: Positions, receipt: Receipt): boolean {
  if (receipt.seq <= (ofUser.get(receipt.userId) ?? 0)) return false;
  ofUser.set(receipt.userId, receipt.seq);
  furthest.move(receipt);
  return true;
}
