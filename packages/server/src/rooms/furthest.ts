import type { Receipt } from "@chat-widget/protocol";

/** The furthest of many read positions, kept in order so that nobody has to sort all of them. Positions only grow. */
export class Furthest {
  readonly #size: number;
  readonly #receipts: Receipt[];

  constructor(size: number, receipts: readonly Receipt[]) {
    this.#size = size;
    this.#receipts = receipts.toSorted((a, b) => b.seq - a.seq).slice(0, size);
  }

  /** The furthest first. */
  get receipts(): readonly Receipt[] {
    return this.#receipts;
  }

  /** A user has no position any more. */
  forget(userId: string): void {
    const known = this.#receipts.findIndex((receipt) => receipt.userId === userId);
    if (known !== -1) this.#receipts.splice(known, 1);
  }

  /** Notes that a user has read further. */
  move(receipt: Receipt): void {
    const known = this.#receipts.findIndex(({ userId }) => userId === receipt.userId);
    if (known !== -1) this.#receipts.splice(known, 1);
    const place = this.#receipts.findIndex(({ seq }) => seq < receipt.seq);
    this.#receipts.splice(place === -1 ? this.#receipts.length : place, 0, receipt);
    this.#receipts.splice(this.#size);
  }
}
