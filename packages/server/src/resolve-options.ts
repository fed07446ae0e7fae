import { Limits, RoomPatch, RoomSettings, defaultLimits, defaultRoomSettings } from "@chat-widget/protocol";
import { checkOptions } from "./check-options.js";
import { systemClock } from "./clock.js";
import type { AddressRules, PerAddress } from "./http/address-limit.js";
import { consoleLogger, unfailing } from "./logger.js";
import { mistake } from "./mistake.js";
import type { AnyOptions, ConnectionCaps, Settings } from "./options.js";
import { type Rates, defaultRates } from "./session/rate-limit.js";
import { memoryStore } from "./stores/memory-store.js";
import { patientStore } from "./stores/patient-store.js";
import { resolveUploads } from "./uploads/upload-options.js";
import { isRate } from "./token-bucket.js";

/** Room for what frames a message; its text may become twice as long when it is full of quotes and line ends. */
const framingBytes = 1_024;
const defaultCaps: ConnectionCaps = { total: 10_000, perUser: 20 };
/** What the schemas of the protocol let through. */
const mostAllowed = [
  ["textBytes", 65_536],
  ["nameLength", 256],
  ["batchSize", 200],
  ["pageSize", 200],
  ["roomsPerConnection", 1_000],
] as const satisfies readonly (readonly [keyof Limits, number])[];

/**
 * Checks options and fills in the defaults.
 *
 * @throws {ChatError} `invalid`, in a sentence that says how to mend it
 */
export function resolveOptions(options: AnyOptions, isProduction: boolean): Settings {
  checkOptions(options);
  const { authenticate, clock = systemClock, logger = consoleLogger, path = "/chat" } = options;
  const guests = options.guests ?? (authenticate === undefined && !isProduction);
  if (authenticate === undefined && !guests) {
    throw mistake(
      "nobody could connect; give `authenticate`, which says who asks, or `guests: true`, which lets everyone in as a guest" +
        (isProduction && options.guests === undefined ? " (in production this is never assumed)" : ""),
    );
  }
  const settings: Settings = {
    path,
    store: patientStore(resolveStore(options, logger, isProduction), clock),
    authenticate,
    guests,
    linkGuests: options.linkGuests ?? true,
    use: options.use ?? [],
    adapter: options.adapter,
    authorize: options.authorize,
    moderate: options.moderate,
    messageTypes: options.messageTypes,
    // A copy, which nobody changes later.
    events: options.events && { ...options.events },
    // A copy, which nobody changes later.
    allowedOrigins: typeof options.allowedOrigins === "function" ? options.allowedOrigins : options.allowedOrigins && [...options.allowedOrigins],
    uploads: options.uploads && resolveUploads(options.uploads),
    limits: resolveLimits(options.limits),
    roomDefaults: resolveRoomDefaults(options.roomDefaults),
    rates: resolveRates(options.rates),
    perAddress: options.perAddress && resolvePerAddress(options.perAddress),
    connections: { ...defaultCaps, ...definedOf(options.connections ?? {}) },
    retention: options.retention,
    auditRetention: options.auditRetention,
    api: options.api && { keys: [...options.api.keys] },
    webhooks: options.webhooks ?? [],
    logger: unfailing(logger),
    clock,
    random: options.random ?? Math.random,
    onEvent: options.onEvent,
    onReport: options.onReport,
    onConnect: options.onConnect,
    onDisconnect: options.onDisconnect,
    onError: options.onError,
  };
  return settings;
}

function resolveStore({ store, adapter }: AnyOptions, logger: Settings["logger"], isProduction: boolean): Settings["store"] {
  if (store === undefined) {
    if (adapter !== undefined) throw mistake("`adapter` is for several servers, which must share one store; give the option `store`");
    if (isProduction) logger.warn({}, "messages are kept in memory and lost when the process ends; give the option `store`, such as `sqliteStore({ filename })`");
    return memoryStore();
  }
  return store;
}

function resolveLimits(given: AnyOptions["limits"] = {}): Limits {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(defaultLimits, name));
  if (unknown !== undefined) throw mistake(`there is no limit \`${unknown}\`; the limits are ${Object.keys(defaultLimits).join(", ")}`);
  const parsed = Limits.safeParse({ ...defaultLimits, ...definedOf(given) });
  if (!parsed.success) throw mistake(`\`limits.${parsed.error.issues[0]?.path.join(".")}\` must be a whole number above 0`);
  const limits = parsed.data;
  for (const [name, most] of mostAllowed) {
    if (limits[name] > most) throw mistake(`\`limits.${name}\` must be at most ${most}; the protocol allows no more`);
  }
  if (limits.packetBytes < 2 * limits.textBytes + framingBytes) {
    throw mistake(`\`limits.packetBytes\` must be at least twice \`limits.textBytes\` + ${framingBytes}, or a message that is allowed could not be sent`);
  }
  return limits;
}

function resolveRates(given: AnyOptions["rates"] = {}): Rates {
  for (const [name, rate] of Object.entries(definedOf(given))) {
    if (!Object.hasOwn(defaultRates, name)) throw mistake(`there is no rate \`${name}\`; the rates are ${Object.keys(defaultRates).join(", ")}`);
    if (!isRate(rate)) throw mistake(`\`rates.${name}\` must be like \`{ burst: 50, perSecond: 10 }\`, with finite numbers of at least 1 and more than 0`);
  }
  return { ...defaultRates, ...definedOf(given) };
}

function resolveRoomDefaults(given: AnyOptions["roomDefaults"] = {}): RoomSettings {
  const parsed = RoomPatch.safeParse(definedOf(given));
  const settings = RoomSettings.safeParse({ ...defaultRoomSettings, ...parsed.data });
  if (!parsed.success || !settings.success) throw mistake('`roomDefaults` must be settings of a room, such as `{ access: "private", slowModeMs: 5_000 }`, and nothing else');
  return settings.data;
}

function resolvePerAddress({ proxies, connections = 200, connect = { burst: 200, perSecond: 5 }, commands = { burst: 2_000, perSecond: 200 } }: PerAddress): AddressRules {
  return { proxies, connections, connect, commands };
}

/** Without what is there and undefined, as what an application reads from its own settings may be. */
function definedOf<T extends object>(given: T): T {
  const defined = { ...given };
  for (const [name, value] of Object.entries(given)) if (value === undefined) Reflect.deleteProperty(defined, name);
  return defined;
}
