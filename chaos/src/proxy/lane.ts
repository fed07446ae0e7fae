import type { Socket } from "node:net";
import type { Random } from "../random.ts";
import type { Conditions } from "./conditions.ts";

/** What is on its way may take so much; then the sender has to wait, as it would with a real network. */
const windowBytes = 65_536;

/** How often it is looked whether the speed has changed. */
const sliceMs = 20;

/** One direction of one connection: delays, throttles, swallows or cuts what passes, and keeps its order. */
export class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #conditions: Readonly<Conditions>;
  readonly #random: Random;
  /** What is on its way, in order. */
  readonly #queue: { at: number; bytes: number; run: () => void }[] = [];
  #bytesOnTheWay = 0;
  #lastArrival = 0;
  /** Bytes that the speed has allowed and that have not passed. */
  #credit = 0;
  #servedAt = 0;
  #bytesLeft = Infinity;
  #isBroken = false;
  #onUsedUp: () => void = () => {};

  constructor(from: Socket, to: Socket, conditions: Readonly<Conditions>, random: Random) {
    this.#from = from;
    this.#to = to;
    this.#conditions = conditions;
    this.#random = random;
    from.on("data", (chunk) => this.#carry(chunk));
    from.on("end", () => this.#after(() => this.isBroken || to.end()));
    to.on("drain", () => this.#letFlow());
  }

  /** Whether bytes were swallowed: then nothing passes any more, not even the news that the other side is gone. */
  get isBroken(): boolean {
    this.#isBroken ||= this.#conditions.isDead;
    return this.#isBroken;
  }

  /** Lets exactly so many bytes more pass, then calls back. */
  allow(bytes: number, onUsedUp: () => void): void {
    this.#bytesLeft = bytes;
    this.#onUsedUp = onUsedUp;
  }

  #carry(chunk: Buffer): void {
    if (this.isBroken) return;
    this.#bytesOnTheWay += chunk.length;
    const { bytesPerSecond, latencyMs, jitterMs } = this.#conditions;
    if (bytesPerSecond === Infinity && latencyMs + jitterMs === 0 && this.#queue.length === 0) return this.#arrive(chunk);
    this.#after(() => this.#arrive(chunk), chunk.length);
    this.#letFlow();
  }

  /** Runs when what was sent before has arrived, and not before the conditions allow. */
  #after(run: () => void, bytes = 0): void {
    const { latencyMs, jitterMs } = this.#conditions;
    const now = performance.now();
    this.#lastArrival = Math.max(this.#lastArrival, now + latencyMs + jitterMs * this.#random());
    this.#queue.push({ at: this.#lastArrival, bytes, run });
    if (this.#queue.length > 1) return;
    [this.#servedAt, this.#credit] = [now, 0];
    this.#serve();
  }

  /** Lets pass what has its turn, at the speed of the moment: it may be another one than when it was sent. */
  #serve(): void {
    const now = performance.now();
    const { bytesPerSecond } = this.#conditions;
    const before = Number.isFinite(this.#credit) ? this.#credit : 0;
    this.#credit = bytesPerSecond === Infinity ? Infinity : before + ((now - this.#servedAt) * bytesPerSecond) / 1_000;
    this.#servedAt = now;
    for (let [first] = this.#queue; first !== undefined && first.at <= now && first.bytes <= this.#credit; [first] = this.#queue) {
      this.#credit -= first.bytes;
      this.#queue.shift();
      first.run();
    }
    const [next] = this.#queue;
    if (next !== undefined) setTimeout(() => this.#serve(), Math.min(sliceMs, Math.max(1, next.at - now)));
  }

  #arrive(chunk: Buffer): void {
    this.#bytesOnTheWay -= chunk.length;
    if (!this.#to.destroyed && !this.isBroken) this.#to.write(chunk.subarray(0, Math.min(chunk.length, this.#bytesLeft)));
    this.#bytesLeft -= chunk.length;
    if (this.#bytesLeft <= 0) this.#onUsedUp();
    this.#letFlow();
  }

  #letFlow(): void {
    if (this.#bytesOnTheWay > windowBytes || this.#to.writableNeedDrain) this.#from.pause();
    else this.#from.resume();
  }
}
