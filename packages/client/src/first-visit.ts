import { Alarm, type Clock } from "./clock.js";
import type { ClientStorage, Siblings } from "./storage/client-storage.js";

/** How long the others wait at most for the server to name the guest. */
const patienceMs = 5_000;

/** Lets the pages of somebody new speak to the server one after another, so that all but the first can say who the first became. */
export class FirstVisit {
  readonly #place: string;
  readonly #storage: ClientStorage;
  readonly #end: Alarm;
  #siblings: Siblings | undefined;
  #endTurn: (() => void) | undefined;

  constructor(place: string, storage: ClientStorage, clock: Clock) {
    this.#place = place;
    this.#storage = storage;
    this.#end = new Alarm(clock, () => this.leave());
  }

  /** Waits until no other page asks the server for a name. */
  async turn(): Promise<void> {
    this.leave();
    // Pages that cannot meet become guests of their own.
    const siblings = await this.#storage.meet?.(this.#place, () => {}).catch(() => undefined);
    if (siblings === undefined) return;
    this.#siblings = siblings;
    await new Promise<void>((begin) => {
      void siblings.inTurn(
        () =>
          new Promise<void>((end) => {
            this.#endTurn = end;
            begin();
          }),
      );
    });
    this.#end.set(patienceMs);
  }

  /** The name is known and kept, or it takes too long. */
  leave(): void {
    this.#end.clear();
    this.#endTurn?.();
    this.#siblings?.leave();
    this.#siblings = this.#endTurn = undefined;
  }
}
