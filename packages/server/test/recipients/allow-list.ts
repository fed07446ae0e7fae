import { isDeepStrictEqual } from "node:util";
import { type CommandName, WireError, commands, eventSchemas, serverEvents } from "@chat-widget/protocol";

interface Schema {
  safeParse(value: unknown): { success: boolean; data?: unknown };
}

const eventsByName = new Map<string, Schema>(Object.entries(serverEvents));
const repliesByName = new Map<string, Schema>(Object.entries(commands).map(([name, { output }]) => [name, output]));
const factsByType = new Map<string, Schema>(Object.entries(eventSchemas));

/** Keys that say something about a person, a secret or the inside of the server, wherever they stand. */
const privateKey = /^(e-?mail|phone|ip|ip-?addresse?s?|addresse?s?|user-?agent|fingerprint|pass(word|phrase).*|.*(secret|token|hash|cookie).*|auth(orization)?|credentials?|api-?key|session(-?id)?|socket(-?id)?|sid|reason|notes?|shadow.*|blocked.*|draft|stack|cause|sql|query|path|file(-?path)?)$/i;

/** Where such a key may stand all the same: what it was said about → the keys. */
const exceptions: Record<string, readonly string[]> = {
  // A guest's own proof of who they are.
  "session:ready": ["guestToken"],
  "session:refresh": ["guestToken"],
  // Why the log is not simply gone on with.
  "room:join": ["reason"],
  "room:sync": ["reason"],
  // What people and moderators say, to those who moderate.
  "report:list": ["reason", "note"],
  "report:resolve": ["reason", "note"],
  "audit:read": ["reason", "address"],
  // What the application says to the author of what it refuses.
  error: ["reason"],
  "room:write": ["reason"],
};

/** What is wrong with an event that goes to a client; empty when nothing is. */
export function faultsOfEvent(name: string, payload: unknown): string[] {
  const schema = eventsByName.get(name);
  if (schema === undefined) return [`${name} is not on the list of events`];
  return [...misfits(schema, payload, name), ...faultsOfFacts(payload, name), ...privateKeys(payload, name)];
}

/** What is wrong with the answer to a command. */
export function faultsOfReply(name: CommandName | string, reply: unknown): string[] {
  if (!isRecord(reply) || typeof reply["ok"] !== "boolean") return [`the answer to ${name} is none`];
  const [key, schema] = reply["ok"] ? ["data", repliesByName.get(name)] : ["error", WireError];
  const unknown = Object.keys(reply).filter((found) => found !== "ok" && found !== key);
  const faults = unknown.map((found) => `${name}.${found} is not on the list`);
  if (schema === undefined) return [...faults, `${name} is not on the list of commands`];
  return [...faults, ...misfits(schema, reply[key], name), ...faultsOfFacts(reply[key], name), ...privateKeys(reply[key], reply["ok"] ? name : "error")];
}

/** What reading leaves out or changes, the contract does not name. */
function misfits(schema: Schema, value: unknown, where: string): string[] {
  const parsed = schema.safeParse(value);
  if (!parsed.success) return [`${where} does not fit the contract`];
  return differences(value, JSON.parse(JSON.stringify(parsed.data ?? null)), where);
}

function differences(given: unknown, named: unknown, where: string): string[] {
  if (isDeepStrictEqual(given, named)) return [];
  if (Array.isArray(given) && Array.isArray(named) && given.length === named.length) return given.flatMap((item, index) => differences(item, named[index], `${where}[${index}]`));
  if (!isRecord(given) || !isRecord(named)) return [`${where} is not as the contract has it`];
  return Object.keys(given).flatMap((key) => (key in named ? differences(given[key], named[key], `${where}.${key}`) : [`${where}.${key} is not on the list`]));
}

/** Events of a log travel in an open envelope, so that old clients bear new ones; what is in it is checked here. */
function faultsOfFacts(value: unknown, where: string): string[] {
  return within(value)
    .filter((part) => typeof part["type"] === "string" && typeof part["seq"] === "number")
    .flatMap((fact) => {
      const schema = factsByType.get(String(fact["type"]));
      return schema === undefined ? [`${where} has an event ${String(fact["type"])}, which is not on the list`] : misfits(schema, fact, `${where}:${String(fact["type"])}`);
    });
}

function privateKeys(value: unknown, where: string): string[] {
  const allowed = exceptions[where] ?? [];
  const found = within(value).flatMap((part) => Object.keys(part)).filter((key) => privateKey.test(key) && !allowed.includes(key));
  return found.map((key) => `${where} has the private field ${key}`);
}

/** Every room that something is about. */
export function roomsIn(value: unknown): string[] {
  return within(value).flatMap(({ roomId }) => (typeof roomId === "string" ? [roomId] : []));
}

/** Every object in a value, itself included. */
function within(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(within);
  return isRecord(value) ? [value, ...Object.values(value).flatMap(within)] : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
