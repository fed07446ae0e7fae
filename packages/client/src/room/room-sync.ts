import { ChatError, type CatchUp, type Joined, type WireEvent } from "@chat-widget/protocol";
import { backOffMs } from "../back-off.js";
import type { ServerLink } from "../server-link.js";
import { Alarm, type Clock } from "../clock.js";
import type { Received, RoomLog } from "./room-log.js";

export interface RoomSyncListener {
  /** The server let us in; its catch-up is applied next. */
  onJoined(joined: Joined): void;
  /** The log is about to go on from this answer, or to begin anew with it. */
  onCatchUp(page: CatchUp): void;
  /** The log is up to date and the room can be written to. */
  onOpen(): void;
  /** The server will not let us in. */
  onRefused(error: ChatError): void;
  /** The log took events or a snapshot. */
  onTaken(): void;
  /** The log began anew; what was read beside it is out of date. */
  onAnew(): void;
}

interface Surroundings {
  connection: Pick<ServerLink, "request" | "isReady">;
  clock: Clock;
  random: () => number;
}

/** How long an event may be early before the missing one is asked for: a reordering network is not a hole. */
const gapMs = 150;
/** How long a head may be ahead of us before we ask: the events may be on their way. */
const headGraceMs = 1_000;
const pageSize = 50;

/** Keeps a room's log whole: joins, resumes, and asks for what is missing. */
export class RoomSync {
  readonly #roomId: string;
  readonly #log: RoomLog;
  readonly #around: Surroundings;
  readonly #listener: RoomSyncListener;
  readonly #mend: Alarm;
  readonly #rejoin: Alarm;
  #isJoined = false;
  #isMending = false;
  #failures = 0;
  /** How far the server said the log goes. */
  #head = 0;
  /** Whether to ask for a snapshot, wherever we stand. */
  #wantsAnew = false;
  /** Counts connections, so that an answer of an earlier one changes nothing. */
  #turn = 0;

  constructor(roomId: string, log: RoomLog, around: Surroundings, listener: RoomSyncListener) {
    this.#roomId = roomId;
    this.#log = log;
    this.#around = around;
    this.#listener = listener;
    this.#mend = new Alarm(around.clock, () => void this.#mendHole());
    this.#rejoin = new Alarm(around.clock, () => void this.join());
  }

  /** Whether the room is open on the connection and the log up to date. */
  get isJoined(): boolean {
    return this.#isJoined;
  }

  async join(): Promise<void> {
    const { connection } = this.#around;
    if (!connection.isReady) return;
    this.stop();
    const turn = this.#turn;
    const after = this.#wantsAnew ? undefined : this.#log.cursor;
    try {
      const joined = await connection.request("room:join", { roomId: this.#roomId, ...(after !== undefined && { after }) });
      if (turn !== this.#turn) return;
      this.#listener.onJoined(joined);
      await this.#follow(joined.catchUp);
      if (turn !== this.#turn) return;
      this.#isJoined = true;
      this.#failures = 0;
      this.#wantsAnew = false;
      if (this.#log.hasHole) this.#mend.set(gapMs);
      this.#listener.onOpen();
    } catch (error) {
      if (turn === this.#turn) this.#fail(ChatError.is(error) ? error : new ChatError("internal", "unable to join the room; the engine failed", { cause: error }));
    }
  }

  /** The connection is gone, or the room left. */
  stop(): void {
    this.#turn += 1;
    this.#isJoined = false;
    this.#head = 0;
    this.#mend.clear();
    this.#rejoin.clear();
  }

  /** The server will not have us in the room, or not any more. */
  refuse(error: ChatError): void {
    this.stop();
    this.#listener.onRefused(error);
  }

  receive(epoch: string, events: readonly WireEvent[]): void {
    this.#took(this.#log.receive(epoch, events));
  }

  /** The server said where the log ends. */
  compare(epoch: string, head: number): void {
    const { cursor } = this.#log;
    if (cursor === undefined || !this.#isJoined) return;
    if (cursor.epoch !== epoch) void this.join();
    else if (head > cursor.seq) {
      this.#head = head;
      this.#mend.set(headGraceMs);
    }
  }

  /** Reads the page before the window. Rejects when it cannot be had. */
  async readOlder(): Promise<void> {
    for (let isCurrent = false; !isCurrent; ) {
      const before = this.#log.messages[0]?.seq;
      const page = await this.#around.connection.request("history:read", { roomId: this.#roomId, ...(before !== undefined && { before }), limit: pageSize });
      if (page.epoch !== this.#log.cursor?.epoch) return;
      isCurrent = this.#log.addOlder(page, before);
    }
    this.#listener.onTaken();
  }

  /** Applies an answer and asks for the pages after it. */
  async #follow(first: CatchUp): Promise<void> {
    for (let page = first; ; ) {
      this.#listener.onCatchUp(page);
      const received = this.#log.catchUp(page);
      if (page.kind === "snapshot") this.#listener.onAnew();
      this.#took(received);
      const cursor = this.#log.cursor;
      if (page.kind === "snapshot" || !page.more || cursor === undefined) return;
      page = await this.#around.connection.request("room:sync", { roomId: this.#roomId, after: cursor });
    }
  }

  #took(received: Received): void {
    if (received === "replaced" && this.#isJoined) void this.join();
    else if (received === "hole" && this.#isJoined) this.#mend.set(gapMs);
    this.#listener.onTaken();
  }

  async #mendHole(): Promise<void> {
    const after = this.#log.cursor;
    if (this.#isMending || !this.#isJoined || after === undefined) return;
    // What was missing may have come by itself.
    if (!this.#log.hasHole && after.seq >= this.#head) return;
    const turn = this.#turn;
    this.#isMending = true;
    try {
      await this.#follow(await this.#around.connection.request("room:sync", { roomId: this.#roomId, after }));
    } catch (error) {
      // Lost: the next join mends it. Refused for now: tried again below, or when the next head shows it.
      if (turn === this.#turn && ChatError.is(error) && error.retry === "no") this.refuse(error);
    } finally {
      this.#isMending = false;
    }
    if (this.#log.hasHole && this.#isJoined) this.#mend.set(headGraceMs);
  }

  #fail(error: ChatError): void {
    this.#wantsAnew = error.retry === "reset";
    if (error.retry === "no") this.refuse(error);
    else if (this.#around.connection.isReady) this.#rejoin.reset(Math.max(error.retryAfterMs ?? 0, backOffMs(this.#failures++, this.#around.random)));
  }
}
