import { eventSchemas, mistakeInEvents } from "@chat-widget/protocol";
import { parseOrigin } from "./http/origin.js";
import { mistake } from "./mistake.js";
import type { AnyOptions } from "./options.js";
import type { ChatStore } from "./stores/chat-store.js";
import { uploadMistake } from "./uploads/upload-options.js";
import { isRate } from "./token-bucket.js";
import { faultOf } from "./webhooks/webhook.js";

/** What an option must be, and the sentence for when it is not. */
type Check = readonly [isRight: (value: unknown) => boolean, sentence: string | ((value: unknown) => string)];

const storeMethods: Record<keyof ChatStore, true> = {
  open: true,
  append: true,
  heads: true,
  eventsById: true,
  eventsAfter: true,
  messages: true,
  messagesById: true,
  search: true,
  receipts: true,
  moveReceipt: true,
  reading: true,
  receiptsOf: true,
  forgetReader: true,
  allEvents: true,
  redact: true,
  records: true,
  writeRecords: true,
  forget: true,
  close: true,
};

/** Every option there is; each may be left out. What is in `limits` and `rates` is checked where their defaults are filled in. */
const checks: { readonly [N in keyof AnyOptions]-?: Check } = {
  path: [isPath, "`path` must be like `/chat`: it starts with a slash, does not end with one, is not the root, and has no dots in place of a name"],
  store: [hasAll(...Object.keys(storeMethods)), "`store` must be a ChatStore, such as `sqliteStore({ filename })`, with all its methods, and not a promise of one"],
  authenticate: [isFunction, "`authenticate` must be a function"],
  guests: [(value) => typeof value === "boolean", "`guests` must be `true` or `false`, and not a text"],
  linkGuests: [(value) => typeof value === "boolean", "`linkGuests` must be `true` or `false`, and not a text"],
  use: [(value) => Array.isArray(value) && value.every(isFunction), "`use` must be a list of middleware functions, such as `[session({ … })]`"],
  adapter: [isFunction, "`adapter` must be what `createAdapter(…)` of a Socket.IO adapter gives, which is a function, and not a client or a promise"],
  authorize: [isFunction, "`authorize` must be a function"],
  moderate: [isFunction, "`moderate` must be a function"],
  messageTypes: [
    areMessageTypes,
    '`messageTypes` must be like `{ "order.card": z.object({ id: z.string() }) }`: names of letters, digits, `_`, `.` and `-`, at most 64 of them, each with a validator that has `~standard`',
  ],
  roomDefaults: [isRecord, '`roomDefaults` must be an object, such as `{ access: "private" }`'],
  events: [isRecord, "`events` must be what `defineEvents({ … })` gives"],
  allowedOrigins: [(value) => Array.isArray(value) || isFunction(value), '`allowedOrigins` must be a list such as `["https://www.example.com"]`, or a function'],
  uploads: [isRecord, '`uploads` must be an object, such as `{ files: diskFiles({ folder: "uploads" }) }`'],
  limits: [isRecord, "`limits` must be an object, such as `{ textBytes: 4_096 }`"],
  rates: [isRecord, "`rates` must be an object, such as `{ write: { burst: 50, perSecond: 10 } }`"],
  perAddress: [isPerAddress, "`perAddress` must be like `{ proxies: 1 }`, with how many proxies stand in front (0 for none), and, if need be, `connections: 200`, `connect: { burst: 200, perSecond: 5 }` and `commands: { burst: 2_000, perSecond: 200 }`"],
  connections: [isCaps, "`connections` must be like `{ total: 10_000, perUser: 20 }`, with whole numbers above 0"],
  retention: [isRetention, "`retention` must be like `{ days: 90 }`, with a number above 0; leave it out to keep messages for ever"],
  auditRetention: [isRetention, "`auditRetention` must be like `{ days: 365 }`, with a number above 0; leave it out to keep the audit log and reports for ever"],
  logger: [hasAll("debug", "info", "warn", "error"), "`logger` must have the functions `debug`, `info`, `warn` and `error`; pino fits as it is"],
  clock: [hasAll("now", "setTimeout", "clearTimeout"), "`clock` must have the functions `now`, `setTimeout` and `clearTimeout`"],
  random: [isFunction, "`random` must be a function"],
  onEvent: [isFunction, "`onEvent` must be a function"],
  onReport: [isFunction, "`onReport` must be a function"],
  onConnect: [isFunction, "`onConnect` must be a function"],
  onDisconnect: [isFunction, "`onDisconnect` must be a function"],
  webhooks: [(value) => faultOfWebhooks(value) === undefined, (value) => faultOfWebhooks(value) ?? ""],
  api: [isApi, "`api` must be like `{ keys: [process.env.CHAT_API_KEY] }`, each key with at least 32 of the characters A–Z, a–z, 0–9, `.`, `_`, `~`, `+`, `/`, `=` and `-`; `openssl rand -hex 32` makes one"],
  onError: [isFunction, "`onError` must be a function"],
};

/**
 * Checks each option, as JavaScript may give it.
 *
 * @throws {ChatError} `invalid`, in a sentence that says how to mend it
 */
export function checkOptions(options: AnyOptions): void {
  const given: unknown = options;
  if (!isRecord(given)) throw mistake("the options must be an object, such as `{ guests: true }`, and not a promise of one");
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(checks, name));
  if (unknown !== undefined) throw mistake(`there is no option \`${unknown}\`; the options are ${Object.keys(checks).join(", ")}`);
  for (const [name, [isRight, sentence]] of Object.entries(checks)) {
    if (given[name] !== undefined && !isRight(given[name])) throw mistake(typeof sentence === "string" ? sentence : sentence(given[name]));
  }
  const wrong = given["uploads"] === undefined ? undefined : uploadMistake(given["uploads"]);
  if (wrong !== undefined) throw mistake(wrong);
  const inEvents = given["events"] === undefined ? undefined : mistakeInEvents(given["events"]);
  if (inEvents !== undefined) throw mistake(inEvents);
  if (Array.isArray(given["allowedOrigins"])) checkOrigins(given["allowedOrigins"]);
}

function checkOrigins(allowed: readonly unknown[]): void {
  const wrong = allowed.find((origin) => typeof origin !== "string" || parseOrigin(origin) === undefined);
  if (wrong === undefined) return;
  throw mistake(
    `\`allowedOrigins\` has ${JSON.stringify(wrong)}, which is not an origin; write exact ones such as "https://www.example.com", ` +
      "without a path or a slash at the end, or give a function; there are no wildcards, since any page could then write in the name of its visitors",
  );
}

function faultOfWebhooks(value: unknown): string | undefined {
  return faultOf(value, Object.keys(eventSchemas));
}

function isPath(value: unknown): boolean {
  // No request is for a path with dots: who asks resolves them first.
  return typeof value === "string" && /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/.test(value);
}

function areMessageTypes(value: unknown): boolean {
  const isValidator = (schema: unknown) => typeof schema === "object" && schema !== null && "~standard" in schema && isRecord(schema["~standard"]) && isFunction(schema["~standard"]["validate"]);
  return isRecord(value) && Object.entries(value).every(([name, schema]) => /^[\w.-]{1,64}$/.test(name) && isValidator(schema));
}

function isRetention(value: unknown): boolean {
  return isRecord(value) && typeof value["days"] === "number" && Number.isFinite(value["days"]) && value["days"] > 0;
}

function isApi(value: unknown): boolean {
  if (!isRecord(value) || Object.keys(value).some((name) => name !== "keys")) return false;
  const { keys } = value;
  return Array.isArray(keys) && keys.length > 0 && keys.every((key) => typeof key === "string" && /^[\w.~+/=-]{32,512}$/.test(key));
}

function isPerAddress(value: unknown): boolean {
  if (!isRecord(value) || Object.keys(value).some((name) => !["proxies", "connections", "connect", "commands"].includes(name))) return false;
  const { proxies, connections, connect, commands } = value;
  const areRates = [connect, commands].every((rate) => rate === undefined || isRate(rate));
  return isCount(proxies, 0) && (connections === undefined || isCount(connections, 1)) && areRates;
}

function isCaps(value: unknown): boolean {
  return isRecord(value) && Object.entries(value).every(([name, most]) => ["total", "perUser"].includes(name) && (most === undefined || isCount(most, 1)));
}

function isCount(value: unknown, least: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= least;
}

function hasAll(...names: string[]): Check[0] {
  return (value) => isRecord(value) && names.every((name) => isFunction(value[name]));
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Promise);
}
