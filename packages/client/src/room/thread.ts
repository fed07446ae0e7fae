import { ChatError, threadCommands, type Message, type MessagePage, type ParsedEvent } from "@chat-widget/protocol";
import { backOffMs } from "../back-off.js";
import { Alarm } from "../clock.js";
import { Listeners } from "../listeners.js";
import type { Outbox } from "../outbox/outbox.js";
import { MessageComposer } from "./compose-messages.js";
import type { Draft } from "./draft.js";
import { Quotes } from "./quotes.js";
import { Receipts } from "./receipts.js";
import type { Room } from "./room.js";
import { RoomLog } from "./room-log.js";
import type { RoomSurroundings } from "./room-surroundings.js";
import type { RoomSync } from "./room-sync.js";
import type { RoomMessage, RoomSnapshot } from "./snapshot.js";
import type { Thread, ThreadSnapshot } from "./thread-snapshot.js";

/** What a thread has of its room. */
export interface ThreadHost extends Pick<RoomSurroundings, "connection" | "clock" | "random" | "logger" | "user"> {
  room: Pick<Room, "id" | "send" | "subscribe" | "getSnapshot">;
  log: RoomLog;
  outbox: Pick<Outbox, "items">;
  sync: Pick<RoomSync, "isJoined">;
}

const pageSize = 50;

/** Reads a thread, keeps it whole by following the room's log, and draws its snapshot. */
export class ThreadEngine implements Thread {
  readonly id: string;
  readonly #host: ThreadHost;
  readonly #listeners: Listeners;
  readonly #composer = new MessageComposer();
  readonly #rootComposer = new MessageComposer();
  readonly #retry: Alarm;
  readonly #ends: readonly (() => void)[];
  readonly #receipts: Receipts;
  #log: RoomLog;
  #quotes: Quotes;
  /** The log that is being read; it takes what happens meanwhile. */
  #next: RoomLog | undefined;
  /** Whether the log lacks nothing. */
  #isWhole = false;
  #isReleased = false;
  #failures = 0;
  #error: ChatError | undefined;
  #older: Promise<void> | undefined;
  #snapshot: ThreadSnapshot | undefined;
  #drawnFor: RoomSnapshot | undefined;

  constructor(id: string, host: ThreadHost) {
    this.id = id;
    this.#host = host;
    this.#listeners = new Listeners(host.logger);
    this.#retry = new Alarm(host.clock, () => void this.#read());
    this.#receipts = new Receipts(host.clock, (seq) => this.#tellPosition(seq));
    this.#log = new RoomLog(undefined, id);
    this.#quotes = this.#quotesOf(this.#log);
    this.#ends = [host.log.follow((event) => this.#follow(event)), host.room.subscribe(() => this.#roomChanged())];
    void this.#read();
  }

  getSnapshot(): ThreadSnapshot {
    // What was just asked is in the room at once, and its listeners hear of it later.
    const drawnFor = this.#host.room.getSnapshot();
    if (drawnFor !== this.#drawnFor) this.#snapshot = undefined;
    this.#drawnFor = drawnFor;
    return (this.#snapshot ??= this.#compose());
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  send(draft: Omit<Draft, "threadId">): Promise<Message> {
    return this.#host.room.send({ ...draft, threadId: this.id });
  }

  loadOlder(): Promise<void> {
    if (!this.#log.hasOlder) return Promise.resolve();
    this.#older ??= this.#readOlder().finally(() => {
      this.#older = undefined;
      this.#changed();
    });
    // Nobody has to wait for it: it can be asked again.
    this.#older.catch(() => undefined);
    this.#changed();
    return this.#older;
  }

  markRead(seq = Infinity): void {
    const newest = this.#log.messages.at(-1)?.seq ?? 0;
    if (this.#receipts.move(Math.min(seq, newest), this.#host.user()?.id)) this.#changed();
  }

  release(): void {
    this.#isReleased = true;
    this.#retry.clear();
    this.#receipts.close();
    for (const end of this.#ends) end();
  }

  #follow(parsed: ParsedEvent | undefined): void {
    const { cursor } = this.#host.log;
    if (parsed === undefined || cursor === undefined) return this.#beginAnew(cursor === undefined);
    const event = parsed.kind === "malformed" ? { seq: parsed.seq, type: parsed.kind } : parsed.event;
    this.#next?.receive(cursor.epoch, [event]);
    if (this.#log.receive(cursor.epoch, [event]) !== "complete") this.#isWhole = false;
  }

  /** The room's log is another one, or was read anew; somebody else may not see what was seen before. */
  #beginAnew(isForgotten: boolean): void {
    this.#isWhole = false;
    this.#next = undefined;
    this.#error = undefined;
    if (isForgotten) {
      this.#log = new RoomLog(undefined, this.id);
      this.#receipts.reset();
    }
    this.#changed();
  }

  #roomChanged(): void {
    if (!this.#retry.isSet) void this.#read();
    void this.#quotes.fetch();
    this.#changed();
  }

  async #read(): Promise<void> {
    const { connection, room: { id: roomId }, random } = this.#host;
    if (this.#isWhole || this.#isReleased || this.#next !== undefined || this.#error !== undefined || !this.#host.sync.isJoined) return;
    const log = new RoomLog(undefined, this.id);
    this.#next = log;
    try {
      // The server does one after the other: the root is never older than the page, and what happened since is in the log.
      const [page, { messages: [root] }, { positions: [position] }] = await Promise.all([
        connection.request("history:read", { roomId, threadId: this.id, limit: pageSize }),
        connection.request("message:read", { roomId, messageIds: [this.id] }),
        connection.request("thread:positions", { roomId, threadIds: [this.id] }, threadCommands["thread:positions"]),
      ]);
      if (this.#next !== log) return;
      if (root === undefined) throw new ChatError("not-found", "unable to read the thread; there is no such message in the room");
      const received = log.catchUp({ kind: "snapshot", reason: "first", epoch: page.epoch, head: page.asOf, messages: page.messages, hasOlder: page.hasOlder });
      log.addOutside([root]);
      this.#log = log;
      this.#quotes = this.#quotesOf(log);
      this.#loadPosition(position?.seq ?? 0, page);
      this.#isWhole = received === "complete" && page.epoch === this.#host.log.cursor?.epoch;
      this.#failures = 0;
      void this.#quotes.fetch();
    } catch (cause) {
      if (this.#next !== log) return;
      const error = ChatError.is(cause) ? cause : new ChatError("internal", "unable to read the thread; the engine failed", { cause });
      if (error.retry === "no" && this.#host.sync.isJoined) this.#error = error;
    }
    this.#next = undefined;
    if (!this.#isWhole && this.#error === undefined) this.#retry.set(backOffMs(this.#failures++, random));
    this.#changed();
  }

  async #readOlder(): Promise<void> {
    const { connection, room: { id: roomId } } = this.#host;
    for (let isCurrent = false; !isCurrent; ) {
      const log = this.#log;
      const before = log.messages[0]?.seq;
      const page = await connection.request("history:read", { roomId, threadId: this.id, ...(before !== undefined && { before }), limit: pageSize });
      if (log !== this.#log || page.epoch !== log.cursor?.epoch) return;
      isCurrent = log.addOlder(page, before);
    }
  }

  /** Whoever answered has read what is before their answer. */
  #loadPosition(known: number, { messages, asOf }: MessagePage): void {
    const myId = this.#host.user()?.id ?? "";
    const answered = messages.findLast(({ author }) => author.id === myId)?.seq ?? 0;
    this.#receipts.load([{ userId: myId, seq: Math.max(known, answered) }], myId, asOf);
  }

  #quotesOf(log: RoomLog): Quotes {
    const { connection, room: { id: roomId } } = this.#host;
    return new Quotes(log, async (messageIds) => (await connection.request("message:read", { roomId, messageIds })).messages, () => this.#changed());
  }

  #compose(): ThreadSnapshot {
    const me = this.#host.user();
    const items = this.#host.outbox.items;
    const unread = this.#receipts.unread(this.#log.messages, me?.id);
    return {
      phase: this.#error !== undefined ? "failed" : this.#log.cursor === undefined ? "loading" : "ready",
      error: this.#error,
      root: this.#rootLine(),
      messages: this.#composer.compose(this.#log, items, me),
      hasOlder: this.#log.hasOlder,
      isLoadingOlder: this.#older !== undefined,
      unreadCount: unread.length,
      firstUnreadId: unread[0]?.id,
    };
  }

  #rootLine(): RoomMessage | undefined {
    const root = this.#log.message(this.id);
    if (root === undefined) return undefined;
    const shown = { messages: [root], message: (id: string) => this.#log.message(id), shows: () => false };
    return this.#rootComposer.compose(shown, this.#host.outbox.items, this.#host.user())[0];
  }

  /** A lost position is told with the next. */
  #tellPosition(seq: number): void {
    const { connection, room, sync } = this.#host;
    if (sync.isJoined) connection.request("thread:mark", { roomId: room.id, threadId: this.id, seq }, threadCommands["thread:mark"]).catch(() => undefined);
  }

  #changed(): void {
    this.#snapshot = undefined;
    this.#listeners.tell();
  }
}
