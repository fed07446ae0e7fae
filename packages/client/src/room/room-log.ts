import { applyEvent, isAmong, messageIdsOf, parseEvent, type CatchUp, type Cursor, type Message, type MessagePage, type ParsedEvent, type RoomEvent, type WireEvent } from "@chat-widget/protocol";

/** How many events may wait for one that is missing, and how many are remembered for pages that were read before them. */
const heldEvents = 256;

/** What receiving came to: `hole` when an event before what was received is missing, `replaced` when the store is another one. */
export type Received = "complete" | "hole" | "replaced";

/** Goes along with a log. */
export type Follower = (event?: ParsedEvent) => void;

/**
 * The confirmed story of one room, as far as this reader has it: a contiguous log up to the cursor, folded. Knows no
 * time and does no I/O. The only place that decides what is confirmed.
 */
export class RoomLog {
  #cursor: Cursor | undefined;
  /** The window on the screen: every message from the oldest loaded to the cursor, by `seq`. */
  #window: Message[] = [];
  /** Messages outside of the window that somebody quotes. */
  #outside = new Map<string, Message>();
  #early = new Map<number, WireEvent>();
  #earlyEpoch = "";
  #recent: RoomEvent[] = [];
  /** `#recent` has every event from this place to the cursor. */
  #recentFrom = 1;
  #hasOlder = false;
  /** Told of every event that takes its place in the log. */
  readonly #onTold: (event: ParsedEvent) => void;
  readonly #threadId: string | undefined;
  readonly #followers = new Set<Follower>();

  /** With a thread's root the window shows its replies, else the messages of the room. The log is the whole room's either way. */
  constructor(onTold: (event: ParsedEvent) => void = () => {}, threadId?: string) {
    this.#onTold = onTold;
    this.#threadId = threadId;
  }

  /** Every event up to here is applied. */
  get cursor(): Cursor | undefined {
    return this.#cursor;
  }

  /** By `seq`; a new array after every change. */
  get messages(): readonly Message[] {
    return this.#window;
  }

  get hasOlder(): boolean {
    return this.#hasOlder;
  }

  /** Whether events wait for one that is missing. */
  get hasHole(): boolean {
    return this.#early.size > 0;
  }

  /** Whether a message belongs into the window. */
  shows(message: Pick<Message, "threadId" | "alsoInRoom">): boolean {
    return isAmong(this.#threadId, message);
  }

  /** A message of the window, or one that was asked for as a quote. */
  message(id: string): Message | undefined {
    return this.#outside.get(id) ?? this.#window.findLast((message) => message.id === id);
  }

  /** Calls back with every event that takes its place, and without one when the log begins anew. Gives the function that ends it. */
  follow(follower: Follower): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /** The events after a place; undefined when it is too far back. */
  eventsAfter(seq: number): RoomEvent[] | undefined {
    return seq + 1 < this.#recentFrom ? undefined : this.#recent.filter((event) => event.seq > seq);
  }

  /** A message with what happened to it since it was read, as far as that is remembered. */
  upToDate(message: Message): Message {
    return this.#recent.reduce((folded, event) => (messageIdsOf(event).includes(folded.id) ? (applyEvent(folded, event) ?? folded) : folded), message);
  }

  /** Applies what is next, holds what is early, drops what is old. Before there is a cursor everything is early. */
  receive(epoch: string, events: readonly WireEvent[]): Received {
    if (this.#cursor !== undefined && epoch !== this.#cursor.epoch) return "replaced";
    if (epoch !== this.#earlyEpoch) this.#early.clear();
    this.#earlyEpoch = epoch;
    for (const event of events) {
      if (event.seq <= (this.#cursor?.seq ?? 0)) continue;
      if (this.#cursor !== undefined && event.seq === this.#cursor.seq + 1) this.#apply(event);
      else if (this.#early.size < heldEvents) this.#early.set(event.seq, event);
    }
    this.#drain();
    return this.#early.size === 0 ? "complete" : "hole";
  }

  /** Goes on from the cursor, or starts anew from a snapshot. What was early before is merged. */
  catchUp(catchUp: CatchUp): Received {
    if (catchUp.kind === "events") return this.receive(catchUp.epoch, catchUp.events);
    const { epoch, head, messages, hasOlder, reason } = catchUp;
    // It was overtaken by events while it was on its way. Only a log that is shorter than we thought takes us back.
    if (epoch === this.#cursor?.epoch && head < this.#cursor.seq && reason !== "ahead") return this.receive(epoch, []);
    // What was early before a log that went back belongs to what it lost.
    const isSameLog = epoch === this.#earlyEpoch && reason !== "ahead";
    this.#begin({ epoch, seq: head }, messages, hasOlder);
    if (!isSameLog) this.#early.clear();
    return this.receive(epoch, []);
  }

  /** Forgets everything. */
  clear(): void {
    this.#begin(undefined, [], false);
    this.#early.clear();
  }

  /** Puts the page before `before`, where the window began when it was asked for. False when it no longer fits, or was read too long ago to be brought up to date: ask again. */
  addOlder({ epoch, asOf, messages, hasOlder }: MessagePage, before: number | undefined): boolean {
    if (epoch !== this.#cursor?.epoch || before !== this.#window[0]?.seq || asOf + 1 < this.#recentFrom) return false;
    const older = before === undefined ? messages : messages.filter(({ seq }) => seq < before);
    this.#window = [...older.map((message) => this.upToDate(message)), ...this.#window];
    this.#hasOlder = hasOlder;
    return true;
  }

  /** Keeps messages that are quoted and not in the window. */
  addOutside(messages: readonly Message[]): void {
    for (const message of messages) this.#outside.set(message.id, this.upToDate(message));
  }

  #begin(cursor: Cursor | undefined, messages: Message[], hasOlder: boolean): void {
    this.#cursor = cursor;
    this.#window = messages;
    this.#hasOlder = hasOlder;
    this.#outside.clear();
    this.#recent = [];
    this.#recentFrom = (cursor?.seq ?? 0) + 1;
    for (const follower of this.#followers) follower();
  }

  #drain(): void {
    for (const seq of this.#early.keys()) if (seq <= (this.#cursor?.seq ?? 0)) this.#early.delete(seq);
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#early.delete(next.seq);
      this.#apply(next);
    }
  }

  #next(): WireEvent | undefined {
    return this.#cursor && this.#early.get(this.#cursor.seq + 1);
  }

  #apply(raw: WireEvent): void {
    if (this.#cursor === undefined) return;
    this.#cursor = { epoch: this.#cursor.epoch, seq: raw.seq };
    const parsed = parseEvent(raw);
    if (parsed.kind === "known") {
      this.#remember(parsed.event);
      this.#fold(parsed.event);
    }
    this.#onTold(parsed);
    for (const follower of this.#followers) follower(parsed);
  }

  #remember(event: RoomEvent): void {
    this.#recent.push(event);
    if (this.#recent.length > heldEvents) this.#recentFrom = (this.#recent.shift()?.seq ?? 0) + 1;
  }

  #fold(event: RoomEvent): void {
    for (const id of messageIdsOf(event)) {
      const outside = this.#outside.get(id);
      const changed = outside && applyEvent(outside, event);
      if (changed !== undefined) this.#outside.set(id, changed);
      const isNew = event.type === "message.sent" && event.id === id && (this.#window.at(-1)?.seq ?? 0) < event.seq;
      const index = isNew ? -1 : this.#window.findLastIndex((message) => message.id === id);
      const message = applyEvent(this.#window[index], event);
      if (message === undefined || message === this.#window[index]) continue;
      if (index !== -1) this.#window = this.#window.with(index, message);
      else if (message.id === id && this.shows(message)) this.#window = [...this.#window, message];
    }
  }
}
