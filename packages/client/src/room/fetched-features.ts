import type { Message, Version } from "@chat-widget/protocol";
import type { AnyHandler } from "./app-events.js";
import type { EventDoor } from "./event-door.js";
import { lookBackIn, type LookBack } from "./look-back.js";
import type { RoomModeration } from "./moderation.js";
import type { EventPage, EventPlace, Published } from "./room-events.js";
import type { ThreadHost } from "./thread.js";
import type { Thread } from "./thread-snapshot.js";

/** What a room does with code that is fetched when it is first used. */
export abstract class FetchedFeatures {
  protected abstract readonly host: ThreadHost;
  /** To be called when a message was reported. */
  protected readonly reported = new Set<() => void>();
  /** The application's own events. */
  protected abstract readonly events: EventDoor;

  thread = async (rootId: string): Promise<Thread> => new (await fetchFeatures()).ThreadEngine(rootId, this.host);
  pin = async (messageId: string, on: boolean): Promise<void> => (await fetchFeatures()).pin(this.host, messageId, on);
  pinned = async (): Promise<Message[]> => (await fetchFeatures()).readPins(this.host);
  search: LookBack["search"] = (query, options) => this.#past().search(query, options);
  around: LookBack["around"] = (message) => this.#past().around(message);
  moderation = async (): Promise<RoomModeration> => (await import("./moderation.js")).moderationOf(this.host.room.id, this.host.connection, this.reported);
  versions = async (messageId: string): Promise<Version[]> => (await fetchFeatures()).readVersions(this.host, messageId);

  publish = (name: string, data: unknown): Promise<Published> => this.events.publish(name, data);
  whisper = (name: string, data: unknown): Promise<void> => this.events.whisper(name, data);
  on = (name: string, handler: AnyHandler): (() => void) => this.events.on(name, handler);
  readEvents = <D>(name: string, place?: EventPlace): Promise<EventPage<D>> => this.events.read(name, place);

  #past(): LookBack {
    const { room, outbox } = this.host;
    return lookBackIn({ ...this.host, roomId: room.id, items: () => outbox.items, subscribe: (listener) => room.subscribe(listener) });
  }
}

const fetchFeatures = () => import("./features.js");
