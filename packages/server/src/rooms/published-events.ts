import type { RoomEvent } from "@chat-widget/protocol";
import type { ChatStore, Listed } from "../stores/chat-store.js";
import { partsOf, recordKey } from "../stores/records.js";
import { fitting } from "./answer-size.js";

/** Where the events of a name are listed by their places in the log: a log holds many others between them. */
export function publishedEvents(roomId: string, name: string): Listed {
  return { collection: "published", under: recordKey(roomId, name) };
}

/** Which events to read: before or after a place, the newest when none is given. */
export interface EventQuery {
  before?: number | undefined;
  after?: number | undefined;
  limit: number;
}

type Published = Extract<RoomEvent, { type: "event.published" }>;

export interface EventPage {
  /** Oldest first. */
  events: Published[];
  /** True when there are more, further from the place that was asked for. */
  more: boolean;
}

/** Reads the application's own events of one room by their names. */
export class PublishedEvents {
  readonly #roomId: string;
  readonly #store: ChatStore;

  constructor(roomId: string, store: ChatStore) {
    this.#roomId = roomId;
    this.#store = store;
  }

  async read(name: string, { before, after, limit }: EventQuery): Promise<EventPage> {
    const { collection, under } = publishedEvents(this.#roomId, name);
    const place = after ?? before;
    const reverse = after === undefined;
    const records = await this.#store.records(collection, { under, reverse, limit: limit + 1, ...(place !== undefined && { after: recordKey(under, place) }) });
    const listed = records.slice(0, limit);
    const ids = listed.flatMap(({ value }) => idOf(value));
    const found = (await this.#store.eventsById(this.#roomId, ids)).toSorted((a, b) => a.seq - b.seq);
    const kept = found.filter((event): event is Published => event.type === "event.published" && event.data !== undefined);
    const events = fitting(kept, reverse ? kept.length : 0);
    // What was forgotten since is not looked for again.
    const places = new Set(kept.map(({ seq }) => seq));
    const forgotten = listed.filter(({ key }) => !places.has(Number(partsOf(key).at(-1))));
    if (forgotten.length > 0) await this.#store.writeRecords(forgotten.map(({ key }) => ({ collection, key })));
    return { events, more: records.length > limit || events.length < kept.length };
  }
}

function idOf(value: unknown): string[] {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string" ? [value.id] : [];
}
