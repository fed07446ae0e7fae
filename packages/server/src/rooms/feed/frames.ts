import type { WireEvent } from "@chat-widget/protocol";

/** Events in one frame at most. */
const frameEvents = 200;

/**
 * Makes frames of what is delivered. A quiet room is told at once; what follows within the same turn of the event loop goes
 * together in the next one, so that a busy room costs each reader one frame a turn, however many write.
 */
export class Frames {
  readonly #publish: (events: readonly WireEvent[]) => void;
  #events: WireEvent[] = [];
  #turn: NodeJS.Immediate | undefined;

  /** `publish` is given runs without a hole, in order. */
  constructor(publish: (events: readonly WireEvent[]) => void) {
    this.#publish = publish;
  }

  push(run: readonly WireEvent[]): void {
    const [first] = run;
    const last = this.#events.at(-1);
    if (last !== undefined && first !== undefined && first.seq !== last.seq + 1) this.flush();
    this.#events.push(...run);
    if (this.#turn === undefined || this.#events.length >= frameEvents) this.flush();
    this.#turn ??= setImmediate(() => this.#endTurn());
  }

  /** Tells what waits, now. */
  flush(): void {
    const events = this.#events;
    if (events.length === 0) return;
    this.#events = [];
    this.#publish(events);
  }

  close(): void {
    clearImmediate(this.#turn);
  }

  #endTurn(): void {
    this.#turn = undefined;
    if (this.#events.length === 0) return;
    this.flush();
    this.#turn = setImmediate(() => this.#endTurn());
  }
}
