import type { StandardSchemaV1 } from "@standard-schema/spec";

/** One event of the application. */
export interface EventDefinition {
  /**
   * What it carries: any validator that speaks Standard Schema, such as one of zod. What travels and is kept is the data as
   * the schema takes it, and every reader is given what the schema makes of it.
   */
  readonly data: StandardSchemaV1;
  /** True for a fact, which is kept in the room's log and reaches everyone once and in order. False for what is only true now: the last word counts, and may be lost. */
  readonly durable: boolean;
  /** Who may publish it: everyone whom `authorize` lets, or the application's server alone. Everyone when left out. */
  readonly from?: "everyone" | "server";
}

/** The application's own events, by name. */
export type EventDefinitions = Readonly<Record<string, EventDefinition>>;

/** What an application without events of its own has. */
export type NoEvents = Readonly<Record<never, EventDefinition>>;

/** The names of those that last. */
export type DurableName<E> = NameOf<E, { readonly durable: true }>;
/** The names of those that are only true now. */
export type FleetingName<E> = NameOf<E, { readonly durable: false }>;
/** The names of those that only the application's server may publish. */
export type ServerName<E> = NameOf<E, { readonly from: "server" }>;
type NameOf<E, Kind> = { [N in keyof E & string]: E[N] extends Kind ? N : never }[keyof E & string];

/** What is given to publish an event. */
export type EventInput<E, N extends keyof E> = E[N] extends { readonly data: infer S extends StandardSchemaV1 } ? StandardSchemaV1.InferInput<S> : never;
/** What a reader of an event is given. */
export type EventData<E, N extends keyof E> = E[N] extends { readonly data: infer S extends StandardSchemaV1 } ? StandardSchemaV1.InferOutput<S> : never;

/**
 * Names the application's own events and says what they carry, for `createChatServer` and `createChatClient` alike.
 *
 * @example
 * export const events = defineEvents({
 *   "poll.opened": { data: z.object({ question: z.string().max(200) }), durable: true, from: "server" },
 *   "cursor.moved": { data: z.object({ x: z.number(), y: z.number() }), durable: false },
 * });
 */
export function defineEvents<const E extends EventDefinitions>(events: E): E {
  return events;
}
