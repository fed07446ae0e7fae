import { ChatError, type CommandInput, type CommandOutput, type Message, type User } from "@chat-widget/protocol";
import { Listeners } from "../listeners.js";
import type { Logger } from "../logger.js";
import type { OutboxItem } from "../outbox/outbox-item.js";
import type { ServerLink } from "../server-link.js";
import { MessageComposer } from "./compose-messages.js";
import { foldInto } from "./fold-window.js";
import type { RoomLog } from "./room-log.js";
import type { RoomMessage } from "./snapshot.js";

/** A stretch of a room's messages, at one moment; immutable. An unchanged message keeps its identity. */
export interface WindowSnapshot {
  /** Confirmed messages by `seq`, with changes of them that are on their way. */
  readonly messages: readonly RoomMessage[];
  readonly hasOlder: boolean;
  /** False once it reaches the newest message; then it goes on with the room. */
  readonly hasNewer: boolean;
  readonly isLoading: boolean;
}

/** A stretch of a room's messages somewhere in its history, kept up to date. */
export interface RoomWindow {
  getSnapshot(): WindowSnapshot;
  /** Calls back after changes, at most once a turn; gives the function that ends it. */
  subscribe(listener: () => void): () => void;
  /** Loads the messages before the first; does nothing when there are none, or while something is loading. @throws {ChatError} as a rejection */
  loadOlder(): Promise<void>;
  /** Loads the messages after the last; the same. */
  loadNewer(): Promise<void>;
  /** Ends it. To be called when it is not shown any more. */
  release(): void;
}

/** The room a window looks at. */
export interface WindowRoom {
  roomId: string;
  connection: ServerLink;
  log: RoomLog;
  logger: Logger;
  items(): readonly OutboxItem[];
  user(): User | undefined;
  subscribe(listener: () => void): () => void;
}

const pageSize = 50;
/** How often a page is read that is old by the time it comes. */
const mostReads = 5;

type Place = Omit<CommandInput<"history:read">, "roomId" | "limit">;
type Page = CommandOutput<"history:read">;

/** Opens a window around a message, by its id or place. @throws {ChatError} `not-found` when the room has no such message */
export async function openWindow(room: WindowRoom, message: string | number): Promise<RoomWindow> {
  const { connection, roomId } = room;
  const seq = typeof message === "number" ? message : (await connection.request("message:read", { roomId, messageIds: [message] })).messages[0]?.seq;
  if (seq === undefined) throw new ChatError("not-found", "unable to open the window; the room has no such message");
  const window = new WindowEngine(room, seq);
  try {
    await window.begin();
  } catch (error) {
    window.release();
    throw error;
  }
  return window;
}

class WindowEngine implements RoomWindow {
  readonly #room: WindowRoom;
  readonly #seq: number;
  readonly #listeners: Listeners;
  readonly #composer = new MessageComposer();
  readonly #stopListening: () => void;
  #messages: readonly Message[] = [];
  #hasOlder = false;
  #hasNewer = false;
  /** The life of the store the messages are of, and the last event of the room's log they hold. */
  #epoch: string | undefined;
  #seen = 0;
  #loading: Promise<void> | undefined;
  #isReleased = false;
  #snapshot: WindowSnapshot | undefined;

  constructor(room: WindowRoom, seq: number) {
    this.#room = room;
    this.#seq = seq;
    this.#listeners = new Listeners(room.logger);
    this.#stopListening = room.subscribe(() => this.#follow());
  }

  getSnapshot(): WindowSnapshot {
    return (this.#snapshot ??= this.#compose());
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Reads the page around the place, in place of what there was. */
  begin(): Promise<void> {
    return this.#load(() => this.#readAround());
  }

  async loadOlder(): Promise<void> {
    const first = this.#messages[0];
    if (!this.#hasOlder || first === undefined) return;
    await this.#load(() =>
      this.#readMore({ before: first.seq }, (page) => {
        this.#hasOlder = page.hasOlder;
        this.#messages = [...page.messages, ...this.#messages];
      }),
    );
  }

  async loadNewer(): Promise<void> {
    const last = this.#messages.at(-1);
    if (!this.#hasNewer || last === undefined) return;
    await this.#load(() =>
      this.#readMore({ after: last.seq }, (page) => {
        this.#hasNewer = page.hasNewer;
        this.#messages = [...this.#messages, ...page.messages];
      }),
    );
  }

  release(): void {
    this.#isReleased = true;
    this.#stopListening();
  }

  /** One page at a time: two would meet in a place that neither knows. */
  #load(read: () => Promise<void>): Promise<void> {
    this.#loading ??= this.#run(read).finally(() => {
      this.#loading = undefined;
      this.#changed();
    });
    this.#changed();
    return this.#loading;
  }

  async #run(read: () => Promise<void>): Promise<void> {
    await read();
    // The log began anew just after the page was taken.
    while (this.#epoch === undefined && !this.#isReleased) await this.#readAround();
  }

  async #readAround(): Promise<void> {
    await this.#read({ around: this.#seq }, (page) => {
      this.#hasOlder = page.hasOlder;
      this.#hasNewer = page.hasNewer;
      this.#messages = page.messages;
      this.#hold(page);
    });
  }

  async #readMore(place: Place, add: (page: Page) => void): Promise<void> {
    const isAdded = await this.#read(place, (page) => {
      // What is here already has to be as new as what is added to it; if it cannot be, this is another log by now.
      if (!this.#catchUp()) return false;
      add(page);
      this.#hold(page);
      return true;
    });
    if (!isAdded) await this.#readAround();
  }

  /** Takes a page that the log can bring up to date, at once: a moment later the log may have begun anew. */
  async #read<T>(place: Place, take: (page: Page) => T): Promise<T> {
    const { connection, log, roomId } = this.#room;
    for (let reads = 0; reads < mostReads && !this.#isReleased; reads += 1) {
      const page = await connection.request("history:read", { roomId, ...place, limit: pageSize });
      if (page.epoch === log.cursor?.epoch && log.eventsAfter(page.asOf) !== undefined) return take(page);
    }
    throw new ChatError("unavailable", "unable to read messages; the room is not up to date");
  }

  /** Applies what happened since a page was read that was just added. */
  #hold({ asOf }: Page): void {
    const { cursor } = this.#room.log;
    this.#messages = foldInto(this.#messages, this.#room.log.eventsAfter(asOf) ?? [], !this.#hasNewer);
    this.#epoch = cursor?.epoch;
    this.#seen = cursor?.seq ?? 0;
  }

  /** The room changed: what happened to messages of the window shows in it. */
  #follow(): void {
    if (!this.#catchUp()) {
      this.#epoch = undefined;
      this.#messages = [];
      // Refused or lost: asked again when the room changes next, as it does when it is open again.
      if (this.#room.connection.isReady && this.#room.log.cursor !== undefined) this.begin().catch(() => undefined);
    }
    this.#changed();
  }

  /** Applies what the log took since. False when the log began anew and nobody knows what happened between. */
  #catchUp(): boolean {
    const { cursor } = this.#room.log;
    const missed = cursor !== undefined && cursor.epoch === this.#epoch && cursor.seq >= this.#seen ? this.#room.log.eventsAfter(this.#seen) : undefined;
    if (cursor === undefined || missed === undefined) return false;
    this.#messages = foldInto(this.#messages, missed, !this.#hasNewer);
    this.#seen = cursor.seq;
    return true;
  }

  #compose(): WindowSnapshot {
    const { log, items, user } = this.#room;
    const message = (id: string) => this.#messages.find((message) => message.id === id) ?? log.message(id);
    const changes = items().filter(({ write }) => write.name !== "message:send");
    return {
      messages: this.#composer.compose({ messages: this.#messages, message, shows: () => false }, changes, user()),
      hasOlder: this.#hasOlder,
      hasNewer: this.#hasNewer,
      isLoading: this.#loading !== undefined,
    };
  }

  #changed(): void {
    this.#snapshot = undefined;
    if (!this.#isReleased) this.#listeners.tell();
  }
}
