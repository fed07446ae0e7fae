import { ChatError, type EventDefinitions, definitionOf, readEventData } from "@chat-widget/protocol";
import { type Clock, withDeadline } from "../clock.js";

/** How long a schema of the application may take. */
const deadlineMs = 10_000;

/** The application's own events, as they may be written and whispered. */
export class AppEvents {
  readonly #definitions: EventDefinitions | undefined;
  readonly #clock: Clock;

  constructor(definitions: EventDefinitions | undefined, clock: Clock) {
    this.#definitions = definitions;
    this.#clock = clock;
  }

  /** Returns when there is such an event. @throws {ChatError} `not-found` */
  find(name: string, durable: boolean): void {
    definitionOf(this.#definitions, name, durable);
  }

  /** Returns when users may publish it. @throws {ChatError} `not-found` when there is none by this name, `forbidden` when only the application publishes it */
  checkFrom(name: string, durable: boolean): void {
    if (definitionOf(this.#definitions, name, durable).from !== "server") return;
    throw new ChatError("forbidden", "unable to publish the event; only the application does");
  }

  /** What the schema makes of the data. @throws {ChatError} `not-found`, `invalid`, or `unavailable` when the schema cannot tell */
  async read(name: string, durable: boolean, data: unknown): Promise<unknown> {
    const definition = definitionOf(this.#definitions, name, durable);
    try {
      return await withDeadline(this.#clock, deadlineMs, readEventData(definition, data), () => new Error(`the schema of "${name}" took too long`));
    } catch (cause) {
      if (ChatError.is(cause)) throw cause;
      throw new ChatError("unavailable", "unable to check the event; try again", { cause });
    }
  }

  /** What the schema makes of the data of an event that was written before; undefined when it does not take it any more. @throws {ChatError} `unavailable` when it cannot tell */
  async readAgain(name: string, data: unknown): Promise<{ data: unknown } | undefined> {
    try {
      return { data: await this.read(name, true, data) };
    } catch (error) {
      if (ChatError.is(error) && error.retry === "no") return undefined;
      throw error;
    }
  }
}
