import {
  ChatError,
  type DurableName,
  type EventData,
  type EventDefinitions,
  type EventInput,
  type FleetingName,
  Profile,
  type RoomEvent,
  commands,
} from "@chat-widget/protocol";
import type { AppEvents } from "./commands/app-events.js";
import type { Room } from "./rooms/room.js";

/** What the application publishes. */
export interface ServerPublication {
  /** Whom the event is from; need not be a user of the chat. */
  author: Profile;
  /** A UUID of version 7. The same id published twice is one event; made up when left out. */
  id?: string;
}

/** A lasting event of the application, as it stands in the log. */
export interface PublishedEvent<D = unknown> {
  readonly id: string;
  /** Its place in the room's log. */
  readonly seq: number;
  /** When it was published, in milliseconds since 1970. */
  readonly at: number;
  readonly author: Profile;
  readonly data: D;
}

/** Which events to read: before or after a place, the newest when neither is given; 50 when no `limit` is. */
export interface EventPlace {
  before?: number;
  after?: number;
  limit?: number;
}

/** Events of one name, oldest first. */
export interface EventPage<D> {
  readonly events: readonly PublishedEvent<D>[];
  /** True when there are more, further from the place that was asked for. */
  readonly more: boolean;
}

/** The application's own events in a room, by the names and schemas that `createChatServer` was given. */
export interface RoomPublishing<E extends EventDefinitions> {
  /** Writes a lasting event of the application to the room's log, whoever may publish it otherwise. */
  publish<N extends DurableName<E>>(name: N, data: EventInput<E, N>, publication: ServerPublication): Promise<PublishedEvent<EventInput<E, N>>>;
  /** Tells everyone in the room an event that is only true now. It may be lost. */
  whisper<N extends FleetingName<E>>(name: N, data: EventInput<E, N>, from: { author: Profile }): Promise<void>;
  /** Lasting events of one name, oldest first: the newest, or those before or after a place. At most 200; those that their schema does not take any more are left out. */
  readEvents<N extends DurableName<E>>(name: N, place?: EventPlace): Promise<EventPage<EventData<E, N>>>;
}

interface Surroundings {
  events: AppEvents;
  /** Asks for `event:publish`. */
  write(author: Profile, input: { id: string | undefined } & Record<string, unknown>): Promise<RoomEvent | undefined>;
  inRoom<T>(run: (room: Room) => Promise<T>): Promise<T>;
}

const mostEvents = 200;

export function publishIn<E extends EventDefinitions>(roomId: string, { events, write, inRoom }: Surroundings): RoomPublishing<E> {
  return {
    async publish(name, data, { author, id }) {
      const event = await write(authorOf(author), { id, name, data });
      if (event?.type !== "event.published") throw new ChatError("conflict", "unable to publish; the id was used for something else before");
      return { id: event.id, seq: event.seq, at: event.at, author: event.author, data };
    },
    async whisper(name, data, { author }) {
      const profile = authorOf(author);
      await events.read(name, false, data);
      await inRoom(async (room) => room.whispers.whisper({ name, author: profile, data }));
    },
    async readEvents<N extends DurableName<E>>(name: N, { limit = 50, ...place }: EventPlace = {}) {
      const query = commands["event:read"].input.safeParse({ roomId, name, ...place });
      if (!query.success || !(limit >= 1)) throw new ChatError("invalid", "unable to read events; the room's id or what is asked does not fit the contract");
      events.find(name, true);
      const page = await inRoom((room) => room.published.read(name, { ...place, limit: Math.min(Math.trunc(limit), mostEvents) }));
      const read: PublishedEvent<EventData<E, N>>[] = [];
      for (const { id, seq, at, author, data } of page.events) {
        const again = await events.readAgain(name, data);
        // What the schema gives is what its type says.
        if (again !== undefined) read.push({ id, seq, at, author, data: again.data as EventData<E, N> });
      }
      return { events: read, more: page.more };
    },
  };
}

function authorOf(author: Profile): Profile {
  const profile = Profile.safeParse(author);
  if (profile.success) return profile.data;
  throw new ChatError("invalid", "unable to publish; the author does not fit the contract");
}
