import { ChatError, type RoomEvent } from "@chat-widget/protocol";
import type { AnyHandler, AppEvents, AppEventsOptions } from "./app-events.js";
import type { EventPage, EventPlace, Published } from "./room-events.js";

/** Where the application's own events go in and out. What deals with them is loaded for an application that has any. */
export class EventDoor {
  readonly #events: Promise<AppEvents> | undefined;

  constructor(options: AppEventsOptions) {
    this.#events = options.definitions && import("./app-events.js").then(({ AppEvents }) => new AppEvents(options));
    this.#events?.catch((error: unknown) => options.logger.error({ error }, "unable to load what deals with the application's events"));
  }

  /** Does something with the events, after what was to be done before. Nothing where there are none. */
  tell(run: (events: AppEvents) => void): void {
    this.#events?.then(run).catch(() => undefined);
  }

  /** Takes an event of the log in its turn. */
  told(event: RoomEvent): void {
    if (event.type === "event.published") this.tell((events) => events.told(event));
  }

  on(name: string, handler: AnyHandler): () => void {
    const own: AnyHandler = (data, from) => handler(data, from);
    this.tell((events) => events.on(name, own));
    return () => this.tell((events) => events.off(name, own));
  }

  publish = async (name: string, data: unknown): Promise<Published> => (await this.#loaded()).publish(name, data);
  whisper = async (name: string, data: unknown): Promise<void> => (await this.#loaded()).whisper(name, data);
  read = async <D>(name: string, place: EventPlace | undefined): Promise<EventPage<D>> => (await this.#loaded()).read(name, place);

  async #loaded(): Promise<AppEvents> {
    if (this.#events === undefined) throw new ChatError("invalid", "unable to publish or read an event; `createChatClient` was given no `events`");
    return this.#events;
  }
}
