import { signalTiming, type Message, type Receipt } from "@chat-widget/protocol";
import { Alarm, type Clock } from "../clock.js";

/** How far everyone has read, me included. Positions only grow. */
export class Receipts {
  #positions: ReadonlyMap<string, number> = new Map();
  #mine = 0;
  /** Where reading began; the server need not be told of it. */
  #start: number | undefined;
  readonly #send: (seq: number) => void;
  readonly #tell: Alarm;

  /** `send` is given my position, at most once a second. */
  constructor(clock: Clock, send: (seq: number) => void) {
    this.#send = send;
    this.#tell = new Alarm(clock, () => send(this.#mine));
  }

  /** By user id; a new map after every change. */
  get positions(): ReadonlyMap<string, number> {
    return this.#positions;
  }

  /** The log is another one; places in the old one mean nothing in it. */
  reset(): void {
    this.#tell.clear();
    this.#positions = new Map();
    this.#mine = 0;
    this.#start = undefined;
  }

  /** What the server knows on joining. Who reads a room for the first time has nothing to catch up with. */
  load(receipts: readonly Receipt[], myId: string, head: number): void {
    this.hear(receipts);
    const known = receipts.find(({ userId }) => userId === myId)?.seq;
    this.#start ??= known ?? head;
    const from = known ?? this.#start;
    this.#mine = Math.max(this.#mine, from);
    if (this.#mine > from) this.#tell.set(signalTiming.coalesceMs);
  }

  hear(receipts: readonly Receipt[]): void {
    const positions = new Map(this.#positions);
    for (const { userId, seq } of receipts) positions.set(userId, Math.max(seq, positions.get(userId) ?? 0));
    this.#positions = positions;
  }

  /** I read up to here. False when that is nothing new. */
  move(seq: number, myId: string | undefined): boolean {
    if (!(seq > this.#mine)) return false;
    this.#mine = seq;
    if (myId !== undefined) this.hear([{ userId: myId, seq }]);
    this.#tell.set(signalTiming.coalesceMs);
    return true;
  }

  /** Messages of others after my position. */
  unread(messages: readonly Message[], myId: string | undefined): Message[] {
    // Before the server has said how far I read, nothing is known to be new.
    if (this.#start === undefined) return [];
    const mine = Math.max(this.#mine, (myId !== undefined && this.#positions.get(myId)) || 0);
    const first = messages.findLastIndex(({ seq }) => seq <= mine) + 1;
    return messages.slice(first).filter(({ author, deletedAt }) => author.id !== myId && deletedAt === undefined);
  }

  /** Tells what is not told yet. */
  close(): void {
    if (!this.#tell.isSet) return;
    this.#tell.clear();
    this.#send(this.#mine);
  }
}
