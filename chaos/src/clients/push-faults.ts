import type { Random } from "../random.ts";

/** What a client's network does beside carrying; may be changed at any time. */
export interface TransportFaults {
  /** How often, from 0 to 1, a pushed run of events is lost, doubled or late, as if the bus between servers had done it. */
  lost: number;
  doubled: number;
  late: number;
  /** Each batch of writes is asked up to three times at once. */
  isRepeating: boolean;
}

/** A network that only carries. */
export const noFaults: TransportFaults = { lost: 0, doubled: 0, late: 0, isRepeating: false };

const mostLateMs = 400;

/** A bus that loses, doubles and reorders what is pushed, while the connection goes on. */
export class PushFaults {
  readonly #faults: Readonly<TransportFaults>;
  readonly #random: Random;
  readonly #deliver: (payload: unknown) => void;
  #isOver = false;

  constructor(faults: Readonly<TransportFaults>, random: Random, deliver: (payload: unknown) => void) {
    this.#faults = faults;
    this.#random = random;
    this.#deliver = deliver;
  }

  push(payload: unknown): void {
    const { lost, doubled, late } = this.#faults;
    const fate = this.#random();
    if (fate < lost) return;
    if (fate < lost + late) return void setTimeout(() => this.#isOver || this.#deliver(payload), mostLateMs * this.#random());
    this.#deliver(payload);
    if (fate < lost + late + doubled) this.#deliver(payload);
  }

  close(): void {
    this.#isOver = true;
  }
}
