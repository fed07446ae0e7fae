import { EventName, PublishedData } from "./app-event.js";
import { ChatError } from "./chat-error.js";
import type { EventDefinition, EventDefinitions } from "./define-events.js";
import { WhisperedData } from "./whisper.js";

/** Checks the application's events, as JavaScript may give them. Gives what is wrong with them, in a sentence. */
export function mistakeInEvents(events: unknown): string | undefined {
  if (typeof events !== "object" || events === null) return "`events` must be what `defineEvents({ … })` gives";
  for (const [name, definition] of Object.entries(events)) {
    if (!EventName.safeParse(name).success) return `\`events\` has the name ${JSON.stringify(name)}; a name is like "poll.opened", of at most 64 letters, digits, dashes and dots`;
    if (!isDefinition(definition)) return `\`events["${name}"]\` must be like \`{ data: schema, durable: true }\`, with a schema that speaks Standard Schema, such as one of zod, and \`from\` "everyone" or "server" if need be`;
  }
  return undefined;
}

/** The definition of an event that lasts, or of one that does not. @throws {ChatError} `not-found` when there is none */
export function definitionOf(events: EventDefinitions | undefined, name: string, durable: boolean): EventDefinition {
  const definition = events !== undefined && Object.hasOwn(events, name) ? events[name] : undefined;
  if (definition?.durable === durable) return definition;
  throw new ChatError("not-found", `unable to take the event; the application has defined none by this name that is ${durable ? "durable" : "not durable"}`);
}

/**
 * What the application's schema makes of an event's data, which is bounded before.
 *
 * @throws {ChatError} `invalid`
 */
export async function readEventData({ data: schema, durable }: EventDefinition, data: unknown): Promise<unknown> {
  if (!(durable ? PublishedData : WhisperedData).safeParse(data).success) {
    throw new ChatError("invalid", `unable to take the event; its data is not JSON of at most ${durable ? 8 : 1} KiB and eight levels`);
  }
  const result = await schema["~standard"].validate(data);
  if (result.issues === undefined) return result.value;
  const issues = result.issues.slice(0, 5).map(({ path = [], message }) => `${path.map(stepOf).join(".").slice(0, 100) || "data"}: ${message.slice(0, 200)}`);
  throw new ChatError("invalid", "unable to take the event; its data does not fit the application's schema", { details: { issues } });
}

function stepOf(step: PropertyKey | { readonly key: PropertyKey }): string {
  return String(typeof step === "object" ? step.key : step);
}

function isDefinition(given: unknown): boolean {
  if (typeof given !== "object" || given === null || !("data" in given && "durable" in given) || typeof given.durable !== "boolean") return false;
  const { data } = given;
  const from = "from" in given ? given.from : undefined;
  const speaks = (typeof data === "object" || typeof data === "function") && data !== null && "~standard" in data;
  return speaks && (from === undefined || from === "everyone" || from === "server");
}
