import { ChatError, applyEvent, type Attachment, type EventDefinitions, type Joined, type Message, type RoomEvent } from "@chat-widget/protocol";
import { Listeners } from "../listeners.js";
import { Outbox, type Moving } from "../outbox/outbox.js";
import { idOf, type Ask } from "../outbox/outbox-item.js";
import type { OutboxShelf } from "../outbox/outbox-shelf.js";
import type { AnyServerEvent } from "../server-link.js";
import { attachTo } from "./attach.js";
import { MessageComposer } from "./compose-messages.js";
import { refusalOf } from "./check-ask.js";
import { EventDoor } from "./event-door.js";
import type { History } from "./history.js";
import type { RoomPeople } from "./people.js";
import { KeptHistory } from "./kept-history.js";
import { OlderPages } from "./older-pages.js";
import { Quotes } from "./quotes.js";
import { FetchedFeatures } from "./fetched-features.js";
import type { Draft } from "./draft.js";
import type { Room } from "./room.js";
import { RoomLog } from "./room-log.js";
import type { RoomSurroundings } from "./room-surroundings.js";
import { RoomSync } from "./room-sync.js";
import { Signals, type Whisper } from "./signals.js";
import type { RoomSnapshot } from "./snapshot.js";
import { StreamDoor } from "./stream-door.js";
import type { ThreadHost } from "./thread.js";

/** Joins a room, keeps its log whole, sends what is asked, and draws the snapshot. */
export class RoomEngine extends FetchedFeatures implements Room<EventDefinitions> {
  readonly id: string;
  readonly upload: Room["upload"];
  readonly attachmentUrl: Room["attachmentUrl"];
  readonly #around: RoomSurroundings;
  readonly #log: RoomLog;
  readonly #outbox: Outbox;
  readonly #signals: Signals;
  readonly #quotes: Quotes;
  readonly #listeners: Listeners;
  readonly #composer = new MessageComposer();
  /** The commands that the log told of since the outbox was asked, by id, with what they became. */
  readonly #told = new Map<string, RoomEvent | undefined>();
  readonly #sync: RoomSync;
  protected readonly host: ThreadHost;
  protected readonly events: EventDoor;
  readonly #older: OlderPages;
  readonly #history = new KeptHistory();
  readonly #streams: StreamDoor;
  #isClosed = false;
  #phase: RoomSnapshot["phase"] = "joining";
  #error: ChatError | undefined;
  #snapshot: RoomSnapshot | undefined;

  constructor(id: string, around: RoomSurroundings) {
    const { connection, clock, random, logger } = around;
    const onChange = () => this.#changed();
    super();
    this.id = id;
    this.#around = around;
    this.#log = new RoomLog((event) => {
      if (event.kind === "known") {
        this.#told.set(event.event.id, event.event);
        this.#signals.apply(event.event, around.user()?.id);
        this.events.told(event.event);
      }
      if (event.kind === "malformed") logger.warn({ seq: event.seq }, "left out an event; it does not fit the contract");
    });
    this.#listeners = new Listeners(logger);
    this.events = new EventDoor({ ...around, roomId: id, definitions: around.events, ask: (input) => this.#ask({ name: "event:publish", input }, undefined, (id, event) => ({ id, event })) });
    this.#streams = new StreamDoor({ ...around, roomId: id, isStored: (id) => this.#log.message(id) !== undefined, onChange });
    this.#signals = new Signals(id, clock, this.#whisper, onChange);
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
    ({ upload: this.upload, attachmentUrl: this.attachmentUrl } = attachTo(id, around));
    this.#sync = new RoomSync(id, this.#log, around, {
      onJoined: (joined) => this.#enter(joined),
      onCatchUp: (page) => this.events.tell((events) => events.caughtUp(page)),
      onRefused: (error) => this.#refused(error),
      onTaken: () => this.#taken(),
      onAnew: () => this.#begunAnew(),
      onOpen: () => this.#opened(),
    });
    this.host = { ...around, room: this, log: this.#log, outbox: this.#outbox, sync: this.#sync };
    this.#older = new OlderPages(this.#log, () => this.#sync.readOlder(), onChange);
  }

  getSnapshot(): RoomSnapshot {
    return (this.#snapshot ??= this.#compose());
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  send({ attachments, ...draft }: Draft): Promise<Message> {
    this.#signals.typing.sent();
    const files = attachments?.length ? { attachments: attachments.map(({ id }) => ({ uploadId: id })) } : {};
    return this.#ask({ name: "message:send", input: { ...draft, ...files } }, attachments, (id, event) => {
      const message = this.#log.message(id) ?? (event && applyEvent(undefined, event));
      if (message === undefined) throw new ChatError("internal", "unable to find the message; the server said it is sent");
      return message;
    });
  }

  edit = (messageId: string, text: string, mentions?: string[]): Promise<void> => this.#change({ name: "message:edit", input: { messageId, text, ...(mentions && { mentions }) } });
  delete = (messageId: string, publicReason?: string): Promise<void> => this.#change({ name: "message:delete", input: { messageId, ...(publicReason !== undefined && { publicReason }) } });
  react = (messageId: string, emoji: string, on: boolean): Promise<void> => this.#change({ name: on ? "reaction:add" : "reaction:remove", input: { messageId, emoji } });

  retry(commandId: string): void {
    this.#outbox.retry(commandId);
    this.#knock();
  }

  discard = (commandId: string): void => this.#outbox.discard(commandId);

  markRead(seq = Infinity): void {
    const newest = this.#log.messages.at(-1)?.seq ?? 0;
    if (this.#signals.receipts.move(Math.min(seq, newest), this.#around.user()?.id)) this.#changed();
  }

  setTyping = (isTyping: boolean): void => this.#signals.typing.set(isTyping);

  loadOlder = (): Promise<void> => this.#older.load();

  people = async (): Promise<RoomPeople> => (await import("./people.js")).peopleOf(this.id, this.#around.connection);
  release = (): void => this.#around.onRelease(this);

  /** The connection is ready: opens the room on it, or resumes it. */
  join = (): Promise<void> => this.#sync.join();

  /** The connection is lost; everything on the screen stays. */
  lost(): void {
    this.#sync.stop();
    this.#outbox.shut();
    this.#signals.typing.hear([], 0);
    this.#changed();
  }

  /** The connection is refused for good; what is unsent is kept for another client. */
  refused(): void {
    this.#outbox.close("the connection was refused, what is unsent is kept");
  }

  /** The user is known: what they asked before comes back, and what they read last as long as the server is not heard. */
  async restore(shelf: OutboxShelf, moving: Moving, openHistory: (log: RoomLog) => Promise<History | undefined>): Promise<void> {
    if (this.#history.isOf(shelf.key)) return;
    void this.#outbox.restore(shelf, moving);
    const kept = await this.#history.open(shelf.key, () => openHistory(this.#log));
    // Once connected, an answer to a join that knew nothing of it may be on its way.
    if (kept === undefined || this.#log.cursor !== undefined || this.#around.connection.isReady) return;
    this.#log.catchUp(kept);
    this.#taken();
  }

  /** Who is here is not known yet; it was somebody with this shelf the last time. */
  presume(shelf: OutboxShelf): void {
    this.#outbox.presume(shelf);
  }

  /** Somebody else sits here, who may not see what was seen before. */
  startAnew(): void {
    this.#sync.stop();
    this.#history.close();
    this.#log.clear();
    this.#signals.reset();
    this.#streams.clear();
    this.#quotes.reset();
    this.#phase = "joining";
    this.#error = undefined;
    this.#changed();
  }

  /** The user, or what they are called, is another. */
  userChanged = (): void => this.#changed();

  hear(event: AnyServerEvent): void {
    if (event.name === "report:filed") for (const tell of this.reported) tell();
    if (event.name === "room:events") this.#sync.receive(event.payload.epoch, event.payload.events);
    else if (event.name === "room:heads") {
      for (const { roomId, epoch, seq } of event.payload.heads) if (roomId === this.id) this.#sync.compare(epoch, seq);
      return;
    } else if (event.name === "room:permissions" && event.payload.permissions.length === 0) {
      this.#sync.refuse(new ChatError("forbidden", "unable to stay in the room; it is not allowed any more"));
    }
    this.#signals.hear(event);
    this.#changed();
  }

  /** What the server said to those who understand it. */
  hearOther(name: string, payload: unknown): void {
    if (name === "event:whispered") this.events.tell((events) => events.whispered(payload));
    else if (name === "message:streaming") this.#streams.hear(payload);
  }

  /** Leaves the room for good. */
  close(): void {
    this.#isClosed = true;
    this.#history.end();
    this.#signals.close();
    this.events.tell((events) => events.close());
    this.#streams.clear();
    this.#outbox.close("the room was left, what is unsent is kept until it is taken again");
    this.#sync.stop();
    const { connection } = this.#around;
    // Also when the answer to joining is still on its way: the server does one after the other.
    if (connection.isReady) connection.request("room:leave", { roomId: this.id }).catch(() => undefined);
  }

  /** Asks, and gives what the caller waits for; who does not wait need not handle a failure, which the snapshot shows. */
  #ask<T>(ask: Ask, attachments: readonly Attachment[] | undefined, result: (id: string, event: RoomEvent | undefined) => T): Promise<T> {
    const asked = async (): Promise<T> => {
      if (this.#isClosed) throw new ChatError("unavailable", `unable to ask ${ask.name}; the room was left, take it again`);
      const refusal = refusalOf(ask, this.#around.connection, this.#outbox.isFull);
      if (refusal !== undefined) throw refusal;
      const { id, done } = this.#outbox.ask(ask, attachments);
      this.#knock();
      return result(id, await done);
    };
    const promise = asked();
    promise.catch(() => undefined);
    return promise;
  }

  #change(ask: Ask): Promise<void> {
    return this.#ask(ask, undefined, () => undefined);
  }

  /** Asks to be let in once more, where the server would not have us: what waits is sent, or fails with the reason. */
  #knock(): void {
    if (this.#phase === "failed") void this.join();
  }

  #enter(joined: Joined): void {
    this.#signals.enter(joined, this.#log.cursor?.epoch, this.#around.user()?.id ?? "");
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
    for (const id of this.#outbox.items.map(idOf)) if (this.#log.message(id) !== undefined) this.#told.set(id, undefined);
    this.#outbox.doubt();
    this.#quotes.reset();
  }

  #refused(error: ChatError): void {
    this.#phase = "failed";
    this.#error = error;
    this.#outbox.refuse(error);
    this.events.tell((events) => events.refused(error));
    this.#around.logger.warn({ roomId: this.id, code: error.code }, error.message);
    this.#changed();
  }

  #taken(): void {
    this.#outbox.told(this.#told, this.#log.cursor?.seq ?? 0);
    this.#told.clear();
    this.#history.changed();
    if (this.#sync.isJoined) void this.#quotes.fetch();
    this.#changed();
  }

  readonly #whisper: Whisper = (name, input) => {
    if (this.#sync.isJoined) this.#around.connection.request(name, input).catch(() => undefined);
  };

  #compose(): RoomSnapshot {
    const me = this.#around.user();
    return {
      phase: this.#phase,
      error: this.#error,
      messages: this.#composer.compose(this.#log, this.#outbox.items, me, this.#streams.messages),
      isFull: this.#outbox.isFull,
      hasOlder: this.#log.hasOlder,
      isLoadingOlder: this.#older.isLoading,
      ...this.#signals.view(this.#log.messages, me?.id),
    };
  }

  #changed(): void {
    this.#snapshot = undefined;
    this.#listeners.tell();
  }
}
