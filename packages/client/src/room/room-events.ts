import type { DurableName, EventData, EventDefinitions, EventInput, FleetingName, Profile, ServerName } from "@chat-widget/protocol";

/** An event of the application that was whispered: who did. */
export interface Whispered {
  readonly author: Profile;
}

/** A lasting event of the application: where it stands in the room's log. */
export interface Published extends Whispered {
  /** The id of the command that published it. */
  readonly id: string;
  /** Its place in the room's log. */
  readonly seq: number;
  /** When the server wrote it, in milliseconds since 1970. */
  readonly at: number;
}

/** A lasting event of the application, with what it carries. */
export interface PublishedEvent<D = unknown> extends Published {
  readonly data: D;
}

/** Is called with what an event carries, as the application's schema gives it, and where it comes from. */
export type EventHandler<D, From> = (data: D, from: From) => void;

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

/** The application's own events in a room, by the names and schemas that `createChatClient` was given. */
export interface RoomEvents<E extends EventDefinitions> {
  /**
   * Publishes a lasting event; it waits for the connection and is kept over a reload, as messages are. Resolves when the
   * server has it.
   * @throws {ChatError} as a rejection, when the schema or the server refuses it
   */
  publish<N extends Exclude<DurableName<E>, ServerName<E>>>(name: N, data: EventInput<E, N>): Promise<Published>;
  /**
   * Tells everyone who has the room open, at most ten times a second for each name, and then the last. Lost is lost: also
   * while there is no connection. Resolves when it is on its way.
   * @throws {ChatError} as a rejection, when the schema refuses it
   */
  whisper<N extends Exclude<FleetingName<E>, ServerName<E>>>(name: N, data: EventInput<E, N>): Promise<void>;
  /**
   * Calls back for every event of this name from when the room was first joined: a lasting one once and in order, over
   * all absences, own ones included; whispers of others as they come. Data that does not fit the schema is left out with
   * a warning. Gives the function that ends it. What was published before is there with {@link readEvents}.
   */
  on<N extends DurableName<E>>(name: N, handler: EventHandler<EventData<E, N>, Published>): () => void;
  on<N extends FleetingName<E>>(name: N, handler: EventHandler<EventData<E, N>, Whispered>): () => void;
  /** Lasting events of one name from the room's log; waits until the room is joined the first time. @throws {ChatError} as a rejection */
  readEvents<N extends DurableName<E>>(name: N, place?: EventPlace): Promise<EventPage<EventData<E, N>>>;
}
