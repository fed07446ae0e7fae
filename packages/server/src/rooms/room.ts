import type { Message, MessagePage, RoomEvent, RoomSettings } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import type { Report } from "../logger.js";
import type { Tell } from "../nodes/node-message.js";
import type { Append, Appended, ChatStore, PageQuery } from "../stores/chat-store.js";
import { fitting, fittingPage } from "./answer-size.js";
import { Edits } from "./edits.js";
import { Feed } from "./feed/feed.js";
import { Pins } from "./pins.js";
import { PublishedEvents } from "./published-events.js";
import { Presence } from "./presence.js";
import type { Publish } from "./publish.js";
import { ReactionClaims } from "./reaction-claims.js";
import { Receipts } from "./receipts.js";
import { RoomLog } from "./room-log.js";
import { Pace } from "./state/pace.js";
import { RoomChanges } from "./state/room-changes.js";
import { RoomState } from "./state/room-state.js";
import { ThreadPositions } from "./thread-positions.js";
import { Streams } from "./streams.js";
import { Typing } from "./typing.js";
import { Whispers } from "./whispers.js";

/** What every room of a server shares. */
export interface RoomSurroundings {
  store: ChatStore;
  epoch: string;
  /** How a room is run that nobody set anything for. */
  defaults: RoomSettings;
  publish: Publish;
  /** Tells the other nodes. */
  tell: Tell;
  clock: Clock;
  report: Report;
  /** Called with what was committed, in the order of the log. */
  onCommitted: (roomId: string, events: readonly RoomEvent[]) => void;
  /** Gives numbers that only grow. */
  nextVersion(): number;
}

/** One room that is alive: its log in the store, and what is only true now. */
export class Room {
  readonly id: string;
  readonly presence: Presence;
  readonly typing: Typing;
  readonly receipts: Receipts;
  readonly whispers: Whispers;
  readonly streams: Streams;
  readonly published: PublishedEvents;
  readonly reactions = new ReactionClaims();
  readonly pins: Pins;
  readonly edits: Edits;
  readonly threadPositions: ThreadPositions;
  /** What is told of the log on this node. */
  readonly feed: Feed;
  /** How it is run, and what people are to it. */
  readonly state: RoomState;
  /** Changes that. */
  readonly changes: RoomChanges;
  /** When people wrote last. */
  readonly pace: Pace;
  readonly #store: ChatStore;
  readonly #epoch: string;
  readonly #log: RoomLog;
  readonly #onSettled: () => void;
  #doings = 0;

  /** `onSettled` is called whenever the last of what was being done or written is. */
  constructor(id: string, surroundings: RoomSurroundings, onSettled: () => void) {
    const { store, epoch, tell } = surroundings;
    this.id = id;
    this.presence = new Presence({ ...surroundings, roomId: id });
    this.typing = new Typing({ ...surroundings, roomId: id });
    this.receipts = new Receipts({ ...surroundings, roomId: id, onSettled });
    this.streams = new Streams({ ...surroundings, roomId: id });
    this.whispers = new Whispers({ ...surroundings, roomId: id });
    this.published = new PublishedEvents(id, store);
    const isFollowed = () => this.presence.here > 0 && this.feed.delivered !== undefined;
    this.state = new RoomState({ ...surroundings, roomId: id, isFollowed });
    this.pace = new Pace({ ...surroundings, roomId: id, isFollowed });
    this.feed = new Feed({
      ...surroundings,
      roomId: id,
      onDelivered: (run) => this.pace.apply(run),
      onChange: (event) => this.state.apply(event),
      onSkipped: () => this.#missed(),
    });
    this.pins = new Pins(id, store);
    this.edits = new Edits(id, store);
    this.threadPositions = new ThreadPositions(id, store);
    this.#store = store;
    this.#epoch = epoch;
    this.#onSettled = onSettled;
    const onCommitted = (events: RoomEvent[]): void => {
      this.feed.offer(events);
      tell({ kind: "events", roomId: id, events });
      surroundings.onCommitted(id, events);
    };
    this.#log = new RoomLog(id, store, onCommitted, onSettled);
    this.changes = new RoomChanges({ ...surroundings, roomId: id, append: (appends) => this.append(appends), keep: (run) => this.keep(run) });
  }

  /** True when nobody on this node has it open, nothing is being done in it and everything is written. */
  get isIdle(): boolean {
    return this.#doings === 0 && this.presence.here === 0 && this.#log.isSettled && this.receipts.isSettled;
  }

  /** Keeps the room alive while something is done in it: whoever opens it meanwhile has to find this one, and hear of it. */
  async keep<T>(run: () => Promise<T>): Promise<T> {
    this.#doings += 1;
    try {
      return await run();
    } finally {
      this.#doings -= 1;
      this.#onSettled();
    }
  }

  append(appends: readonly Append[]): Promise<Appended[]> {
    return this.#log.append(appends);
  }

  async history(query: PageQuery): Promise<MessagePage> {
    return { epoch: this.#epoch, ...fittingPage(await this.#store.messages(this.id, query), query) };
  }

  /** The messages of these ids that exist, as many as fit into one answer. */
  async messages(ids: readonly string[]): Promise<Message[]> {
    return fitting(await this.#store.messagesById(this.id, ids), 0);
  }

  /** The event that a command became, if it was done. */
  async event(commandId: string): Promise<RoomEvent | undefined> {
    const [event] = await this.events([commandId]);
    return event;
  }

  /** The events of these command ids; those that do not exist are left out. */
  events(commandIds: readonly string[]): Promise<RoomEvent[]> {
    return this.#store.eventsById(this.id, commandIds);
  }

  /** Moves a read position forward, not beyond the end of the log. */
  async moveReceipt(userId: string, seq: number): Promise<void> {
    const head = seq > this.feed.head ? await this.feed.readHead() : this.feed.head;
    await this.receipts.move(userId, Math.min(seq, head));
  }

  /** Nobody on this node has it open any more, so that nothing is heard of it. */
  forget(): void {
    this.state.forget();
    this.pace.forget();
  }

  async close(): Promise<void> {
    this.feed.close();
    this.presence.close();
    this.typing.close();
    this.whispers.close();
    this.streams.close();
    await this.receipts.close();
  }

  #missed(): void {
    this.pace.forget();
    this.state.missed();
  }
}
