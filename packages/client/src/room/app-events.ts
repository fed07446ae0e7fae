import {
  ChatError,
  RoomEvent,
  Whispered as WhisperedSignal,
  definitionOf,
  eventCommands,
  mistakeInEvents,
  readEventData,
  type CatchUp,
  type CommandInput,
  type EventDefinitions,
  type User,
} from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import type { Logger } from "../logger.js";
import type { ServerLink } from "../server-link.js";
import type { EventHandler, EventPage, EventPlace, Published, PublishedEvent, Whispered } from "./room-events.js";
import { Whispering } from "./whispering.js";

export interface AppEventsOptions {
  roomId: string;
  definitions: EventDefinitions | undefined;
  connection: ServerLink;
  clock: Clock;
  logger: Logger;
  user(): User | undefined;
  /** Asks for an event to be written, as everything that lasts is asked for. Gives what it became, unless the log began anew with it. */
  ask(input: Pick<CommandInput<"event:publish">, "name" | "data">): Promise<{ id: string; event: RoomEvent | undefined }>;
}

/** A handler of any event; which it is given is settled by its name. */
export type AnyHandler = EventHandler<unknown, never>;

/** How long after a failure what was missed is asked for again. */
const againMs = 1_000;

type Told = Extract<RoomEvent, { type: "event.published" }>;

/** The application's own events in one room. Loaded when an application has any. */
export class AppEvents {
  readonly #options: AppEventsOptions;
  readonly #definitions: EventDefinitions;
  readonly #whispering: Whispering;
  readonly #handlers = new Map<string, Set<AnyHandler>>();
  /** Where the log stood when the room was joined, and then how far handlers were told. */
  #cursor: { epoch: string; seq: number } | undefined;
  #isClosed = false;
  #isEntered = false;
  /** Who waits to be let into the room. */
  #waiting: { resolve: () => void; reject: (error: ChatError) => void }[] = [];
  /** One event after the other: a schema may take its time. */
  #turn: Promise<void> = Promise.resolve();

  /** @throws {ChatError} `invalid` when the definitions are mistaken */
  constructor(options: AppEventsOptions) {
    const { definitions = {}, roomId, connection, clock } = options;
    const wrong = mistakeInEvents(definitions);
    if (wrong !== undefined) throw new ChatError("invalid", `unable to use the application's events; ${wrong}`);
    this.#options = options;
    this.#definitions = definitions;
    this.#whispering = new Whispering(clock, (name, data) => {
      if (connection.isReady) connection.request("event:whisper", { roomId, name, data }, eventCommands["event:whisper"]).catch(() => undefined);
    });
  }

  on(name: string, handler: AnyHandler): void {
    this.#handlers.set(name, (this.#handlers.get(name) ?? new Set()).add(handler));
  }

  off(name: string, handler: AnyHandler): void {
    this.#handlers.get(name)?.delete(handler);
  }

  async publish(name: string, data: unknown): Promise<Published> {
    await readEventData(definitionOf(this.#definitions, name, true), data);
    const { ask, connection, roomId } = this.#options;
    const asked = await ask({ name, data });
    // Asked again with the same id, the server says what it became.
    const event = asked.event ?? (await connection.request("event:publish", { roomId, id: asked.id, name, data })).event;
    if (event?.type !== "event.published") throw new ChatError("internal", "unable to find the event; the server said it is published");
    return placeOf(event);
  }

  async whisper(name: string, data: unknown): Promise<void> {
    await readEventData(definitionOf(this.#definitions, name, false), data);
    this.#whispering.say(name, data);
  }

  async read<D>(name: string, place: EventPlace = {}): Promise<EventPage<D>> {
    definitionOf(this.#definitions, name, true);
    if (!this.#isEntered) await new Promise<void>((resolve, reject) => void this.#waiting.push({ resolve, reject }));
    const page = await this.#request(name, place);
    const events: PublishedEvent<D>[] = [];
    for (const event of page.events) {
      const data = await this.#dataOf(name, true, event.data);
      // What the schema gives is what its type says.
      if (data !== undefined) events.push({ ...placeOf(event), data: data.value as D });
    }
    return { events, more: page.more };
  }

  /** The log goes on: what it told before the room was joined is not news, and what a leap leaves out is read. */
  caughtUp({ epoch, head, kind }: CatchUp): void {
    this.#isEntered = true;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
    void this.#inTurn(async () => {
      if (this.#cursor?.epoch !== epoch) this.#cursor = { epoch, seq: head };
      else if (kind === "snapshot") await this.#leap(this.#cursor, head);
    });
  }

  /** The server will not let us into the room. */
  refused(error: ChatError): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  close(): void {
    this.#isClosed = true;
    this.refused(new ChatError("unavailable", "unable to read events; the room was left, take it again"));
    this.#handlers.clear();
  }

  /** An event of the log, in its turn. */
  told(event: Told): void {
    void this.#inTurn(() => this.#deliver(event));
  }

  /** A signal of the server, unchecked. */
  whispered(raw: unknown): void {
    const signal = WhisperedSignal.safeParse(raw);
    if (!signal.success) return this.#options.logger.warn({ name: "event:whispered" }, "left out what the server said; it does not fit the contract");
    for (const { name, author, data } of signal.data.whispers) {
      // One's own is known.
      if (author.id === this.#options.user()?.id || this.#definitions[name]?.durable !== false) continue;
      void this.#inTurn(async () => {
        const read = this.#handlers.has(name) ? await this.#dataOf(name, false, data) : undefined;
        if (read !== undefined) this.#call(name, read.value, { author });
      });
    }
  }

  /** Delivers what the log leapt over; whatever follows waits for it. */
  async #leap(cursor: { seq: number }, head: number): Promise<void> {
    for (const event of await this.#missed(cursor.seq, head)) await this.#deliver(event);
    cursor.seq = Math.max(cursor.seq, head);
  }

  /** The events between two places that somebody here handles. Asks until it is answered. */
  async #missed(from: number, head: number): Promise<Told[]> {
    for (;;) {
      try {
        const missed: Told[] = [];
        for (const name of this.#handlers.keys()) {
          for (let after = from, more = this.#definitions[name]?.durable === true; more; ) {
            const page = await this.#request(name, { after, limit: 200 });
            missed.push(...page.events);
            after = page.events.at(-1)?.seq ?? head;
            more = page.more && after < head;
          }
        }
        return missed.filter(({ seq }) => seq <= head).toSorted((a, b) => a.seq - b.seq);
      } catch (error) {
        if (this.#isClosed || (ChatError.is(error) && error.retry === "no")) throw error;
        await new Promise<void>((resolve) => this.#options.clock.setTimeout(resolve, againMs));
      }
    }
  }

  async #deliver(event: Told): Promise<void> {
    const { name, seq } = event;
    if (this.#cursor === undefined || seq <= this.#cursor.seq) return;
    this.#cursor.seq = seq;
    if (event.data === undefined || !this.#handlers.has(name) || this.#definitions[name]?.durable !== true) return;
    const data = await this.#dataOf(name, true, event.data);
    if (data !== undefined) this.#call(name, data.value, placeOf(event));
  }

  #call(name: string, data: unknown, from: Published | Whispered): void {
    for (const handler of this.#handlers.get(name) ?? []) {
      try {
        // The name's definition says which of the two it takes.
        handler(data, from as never);
      } catch (error) {
        this.#options.logger.error({ error, name }, "a handler of the application's event threw");
      }
    }
  }

  /** What the schema makes of it; nothing when it does not take it. */
  async #dataOf(name: string, durable: boolean, data: unknown): Promise<{ value: unknown } | undefined> {
    try {
      return { value: await readEventData(definitionOf(this.#definitions, name, durable), data) };
    } catch (error) {
      this.#options.logger.warn({ error, name }, "left out an event of the application; its data does not fit its schema");
      return undefined;
    }
  }

  async #request(name: string, place: EventPlace): Promise<{ events: Told[]; more: boolean }> {
    const { connection, roomId } = this.#options;
    const { events, more } = await connection.request("event:read", { roomId, name, ...place }, eventCommands["event:read"]);
    const read = events.map((event) => RoomEvent.safeParse(event).data);
    return { events: read.filter((event) => event?.type === "event.published"), more };
  }

  #inTurn(run: () => Promise<void>): Promise<void> {
    return (this.#turn = this.#turn.then(run).catch((error: unknown) => this.#options.logger.warn({ error }, "unable to tell the application of an event")));
  }
}

function placeOf({ id, seq, at, author }: Told): Published {
  return { id, seq, at, author };
}
