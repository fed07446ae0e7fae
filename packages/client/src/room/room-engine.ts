import { ChatError, applyEvent, writeCommands, type Joined, type Message, type Permission, type Presence, type RoomEvent, type User } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import { Listeners } from "../listeners.js";
import type { Logger } from "../logger.js";
import { Outbox, type Moving } from "../outbox/outbox.js";
import { idOf, type Ask } from "../outbox/outbox-item.js";
import type { OutboxShelf } from "../outbox/outbox-shelf.js";
import type { AnyServerEvent, ServerLink } from "../server-link.js";
import { MessageComposer } from "./compose-messages.js";
import { withPresenceChange } from "./presence.js";
import { Quotes } from "./quotes.js";
import { Receipts } from "./receipts.js";
import type { Room } from "./room.js";
import { RoomLog } from "./room-log.js";
import { RoomSync } from "./room-sync.js";
import type { RoomSnapshot } from "./snapshot.js";
import { Typing } from "./typing.js";

/** What a room works with. */
export interface RoomSurroundings {
  connection: ServerLink;
  clock: Clock;
  random: () => number;
  logger: Logger;
  user(): User | undefined;
  onRelease(room: RoomEngine): void;
}

/** Joins a room, keeps its log whole, sends what is asked, and draws the snapshot. */
export class RoomEngine implements Room {
  readonly id: string;
  readonly #around: RoomSurroundings;
  readonly #log: RoomLog;
  readonly #outbox: Outbox;
  readonly #typing: Typing;
  readonly #receipts: Receipts;
  readonly #quotes: Quotes;
  readonly #listeners: Listeners;
  readonly #composer = new MessageComposer();
  /** The ids of the commands that the log told of since the outbox was asked. */
  readonly #told = new Set<string>();
  readonly #sync: RoomSync;
  #presence: Presence = { count: 0, users: [] };
  #permissions: readonly Permission[] = [];
  #phase: RoomSnapshot["phase"] = "joining";
  #error: ChatError | undefined;
  #older: Promise<void> | undefined;
  #snapshot: RoomSnapshot | undefined;

  constructor(id: string, around: RoomSurroundings) {
    const { connection, clock, random, logger } = around;
    const onChange = () => this.#changed();
    this.id = id;
    this.#around = around;
    this.#log = new RoomLog((event) => {
      if (event.kind === "known") this.#told.add(event.event.id);
      if (event.kind === "malformed") logger.warn({ seq: event.seq }, "left out an event; it does not fit the contract");
    });
    this.#listeners = new Listeners(logger);
    this.#typing = new Typing(clock, (isTyping) => this.#whisper("typing:set", { roomId: id, isTyping }), onChange);
    this.#receipts = new Receipts(clock, (seq) => this.#whisper("receipt:move", { roomId: id, seq }));
    this.#quotes = new Quotes(this.#log, async (messageIds) => (await connection.request("message:read", { roomId: id, messageIds })).messages, onChange);
    this.#outbox = new Outbox({
      roomId: id,
      clock,
      random,
      limits: () => connection.limits,
      send: (writes) => connection.request("room:write", { roomId: id, writes: [...writes] }),
      onEvent: (event) => this.#sync.receive(this.#log.cursor?.epoch ?? "", [event]),
      onChange,
    });
    this.#sync = new RoomSync(id, this.#log, around, {
      onJoined: (joined) => this.#enter(joined),
      onRefused: (error) => this.#refused(error),
      onTaken: () => this.#taken(),
      onAnew: () => this.#begunAnew(),
      onOpen: () => this.#opened(),
    });
  }

  getSnapshot(): RoomSnapshot {
    return (this.#snapshot ??= this.#compose());
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  send({ text, replyTo }: { text: string; replyTo?: string }): Promise<Message> {
    this.#typing.sent();
    return this.#ask({ name: "message:send", input: { text, ...(replyTo !== undefined && { replyTo }) } }, (id, event) => {
      const message = this.#log.message(id) ?? (event && applyEvent(undefined, event));
      if (message === undefined) throw new ChatError("internal", "unable to find the message; the server said it is sent");
      return message;
    });
  }

  edit(messageId: string, text: string): Promise<void> {
    return this.#ask({ name: "message:edit", input: { messageId, text } }, () => undefined);
  }

  delete(messageId: string): Promise<void> {
    return this.#ask({ name: "message:delete", input: { messageId } }, () => undefined);
  }

  react(messageId: string, emoji: string, on: boolean): Promise<void> {
    return this.#ask({ name: on ? "reaction:add" : "reaction:remove", input: { messageId, emoji } }, () => undefined);
  }

  retry(commandId: string): void {
    this.#outbox.retry(commandId);
  }

  discard(commandId: string): void {
    this.#outbox.discard(commandId);
  }

  markRead(seq = this.#log.messages.at(-1)?.seq ?? 0): void {
    if (this.#receipts.move(seq, this.#around.user()?.id)) this.#changed();
  }

  setTyping(isTyping: boolean): void {
    this.#typing.set(isTyping);
  }

  loadOlder(): Promise<void> {
    if (!this.#log.hasOlder) return Promise.resolve();
    this.#older ??= this.#sync.readOlder().finally(() => {
      this.#older = undefined;
      this.#changed();
    });
    this.#changed();
    return this.#older;
  }

  release(): void {
    this.#around.onRelease(this);
  }

  /** The connection is ready: opens the room on it, or resumes it. */
  async join(): Promise<void> {
    await this.#sync.join();
  }

  /** The connection is lost; everything on the screen stays. */
  lost(): void {
    this.#sync.stop();
    this.#outbox.shut();
    this.#typing.hear([], 0);
    this.#changed();
  }

  /** The user is known: what they asked before comes back. */
  async restore(shelf: OutboxShelf, moving: Moving): Promise<void> {
    await this.#outbox.restore(shelf, moving);
  }

  /** The user, or what they are called, is another. */
  userChanged(): void {
    this.#changed();
  }

  hear(event: AnyServerEvent): void {
    switch (event.name) {
      case "room:events":
        this.#sync.receive(event.payload.epoch, event.payload.events);
        break;
      case "room:heads":
        for (const { roomId, epoch, seq } of event.payload.heads) if (roomId === this.id) this.#sync.compare(epoch, seq);
        return;
      case "typing:changed":
        this.#typing.hear(event.payload.users, event.payload.count);
        break;
      case "presence:changed":
        this.#presence = withPresenceChange(this.#presence, event.payload);
        break;
      case "receipt:moved":
        this.#receipts.hear(event.payload.receipts);
        break;
      default:
        return;
    }
    this.#changed();
  }

  /** Leaves the room for good. */
  close(): void {
    this.#receipts.close();
    this.#typing.close();
    this.#outbox.close();
    this.#sync.stop();
    const { connection } = this.#around;
    // Also when the answer to joining is still on its way: the server does one after the other.
    if (connection.isReady) connection.request("room:leave", { roomId: this.id }).catch(() => undefined);
  }

  /** Asks, and gives what the caller waits for; who does not wait need not handle a failure, which the snapshot shows. */
  #ask<T>(ask: Ask, result: (id: string, event: RoomEvent | undefined) => T): Promise<T> {
    const asked = async (): Promise<T> => {
      const refusal = this.#check(ask);
      if (refusal !== undefined) throw refusal;
      const { id, done } = this.#outbox.ask(ask);
      return result(id, await done);
    };
    const promise = asked();
    promise.catch(() => undefined);
    return promise;
  }

  /** What the server would refuse is refused here, with the same words. */
  #check({ name, input }: Ask): ChatError | undefined {
    const { textBytes } = this.#around.connection.limits;
    if (!("text" in input)) return undefined;
    const text = writeCommands["message:send"].input.shape.text.safeParse(input.text);
    if (!text.success) return new ChatError("invalid", `unable to ask ${name}; there is no text`);
    if (new TextEncoder().encode(text.data).length > textBytes) {
      return new ChatError("too-large", `unable to ask ${name}; the text has more than ${textBytes} bytes`, { details: { limit: textBytes } });
    }
    return undefined;
  }

  #enter({ receipts, presence, permissions, catchUp }: Joined): void {
    this.#presence = presence;
    this.#permissions = permissions;
    const isAnotherLog = catchUp.epoch !== this.#log.cursor?.epoch || (catchUp.kind === "snapshot" && catchUp.reason === "ahead");
    if (isAnotherLog) this.#receipts.reset();
    this.#receipts.load(receipts, this.#around.user()?.id ?? "", catchUp.head);
    this.#quotes.reset();
  }

  #opened(): void {
    this.#phase = "ready";
    this.#error = undefined;
    this.#outbox.open();
    void this.#quotes.fetch();
    this.#changed();
  }

  /** The window was replaced: it may hold what was on its way, and quotes were read for another one. */
  #begunAnew(): void {
    for (const id of this.#outbox.items.map(idOf)) if (this.#log.message(id) !== undefined) this.#told.add(id);
    this.#quotes.reset();
  }

  #refused(error: ChatError): void {
    this.#phase = "failed";
    this.#error = error;
    this.#around.logger.warn({ roomId: this.id, code: error.code }, error.message);
    this.#changed();
  }

  #taken(): void {
    this.#outbox.told(this.#told, this.#log.cursor?.seq ?? 0);
    this.#told.clear();
    if (this.#sync.isJoined) void this.#quotes.fetch();
    this.#changed();
  }

  #whisper(...[name, input]: Parameters<ServerLink["request"]>): void {
    // Only true now: lost is lost.
    if (this.#sync.isJoined) this.#around.connection.request(name, input).catch(() => undefined);
  }

  #compose(): RoomSnapshot {
    const me = this.#around.user();
    const typing = this.#typing.others(me?.id);
    const unread = this.#receipts.unread(this.#log.messages, me?.id);
    return {
      phase: this.#phase,
      error: this.#error,
      messages: this.#composer.compose(this.#log, this.#outbox.items, me),
      hasOlder: this.#log.hasOlder,
      isLoadingOlder: this.#older !== undefined,
      typing: typing.users,
      typingCount: typing.count,
      presence: this.#presence,
      permissions: this.#permissions,
      receipts: this.#receipts.positions,
      unreadCount: unread.length,
      firstUnreadId: unread[0]?.id,
    };
  }

  #changed(): void {
    this.#snapshot = undefined;
    this.#listeners.tell();
  }
}
