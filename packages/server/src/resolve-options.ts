import { ChatError, Limits, defaultLimits } from "@chat-widget/protocol";
import { systemClock } from "./clock.js";
import { parseOrigin } from "./http/origin.js";
import { consoleLogger, unfailing } from "./logger.js";
import type { ChatServerOptions, Settings } from "./options.js";
import { type Rates, defaultRates } from "./session/rate-limit.js";
import { memoryStore } from "./stores/memory-store.js";
import { patientStore } from "./stores/patient-store.js";

const known: Record<keyof ChatServerOptions, true> = {
  path: true,
  store: true,
  authenticate: true,
  guests: true,
  use: true,
  adapter: true,
  authorize: true,
  allowedOrigins: true,
  limits: true,
  rates: true,
  retention: true,
  logger: true,
  clock: true,
  random: true,
  onConnect: true,
  onDisconnect: true,
  onError: true,
};

/** Room for what frames a message; its text may become twice as long when it is full of quotes and line ends. */
const framingBytes = 1_024;
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
export function resolveOptions(options: ChatServerOptions, isProduction: boolean): Settings {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined) throw mistake(`there is no option \`${unknown}\`; the options are ${Object.keys(known).join(", ")}`);
  const { authenticate, clock = systemClock, logger = consoleLogger, path = "/chat" } = options;
  checkFunctions(options);
  if (!/^(?:\/[\w.~-]+)+$/.test(path)) throw mistake("`path` must be like `/chat`: it starts with a slash, does not end with one, and is not the root");
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
    use: options.use ?? [],
    adapter: options.adapter,
    authorize: options.authorize,
    allowedOrigins: checkOrigins(options.allowedOrigins),
    limits: resolveLimits(options.limits),
    rates: resolveRates(options.rates),
    retention: checkRetention(options.retention),
    logger: unfailing(logger),
    clock,
    random: options.random ?? Math.random,
    onConnect: options.onConnect,
    onDisconnect: options.onDisconnect,
    onError: options.onError,
  };
  return settings;
}

function mistake(reason: string): ChatError {
  return new ChatError("invalid", `unable to create the chat server; ${reason}`);
}

function checkFunctions(options: ChatServerOptions): void {
  for (const name of ["authenticate", "authorize", "random", "onConnect", "onDisconnect", "onError"] as const) {
    const given: unknown = options[name];
    if (given !== undefined && typeof given !== "function") throw mistake(`\`${name}\` must be a function`);
  }
  const adapter: unknown = options.adapter;
  if (adapter !== undefined && typeof adapter !== "function") {
    throw mistake("`adapter` must be what `createAdapter(…)` of a Socket.IO adapter gives, which is a function, and not a client or a promise");
  }
  const middleware: unknown = options.use ?? [];
  if (!Array.isArray(middleware) || middleware.some((entry) => typeof entry !== "function")) {
    throw mistake("`use` must be a list of middleware functions, such as `[session({ … })]`");
  }
  for (const level of ["debug", "info", "warn", "error"] as const) {
    const log: unknown = options.logger?.[level];
    if (options.logger !== undefined && typeof log !== "function") throw mistake(`\`logger\` must have a function \`${level}\`; pino fits as it is`);
  }
}

function resolveStore({ store, adapter }: ChatServerOptions, logger: Settings["logger"], isProduction: boolean): Settings["store"] {
  if (store === undefined) {
    if (adapter !== undefined) throw mistake("`adapter` is for several servers, which must share one store; give the option `store`");
    if (isProduction) logger.warn({}, "messages are kept in memory and lost when the process ends; give the option `store`, such as `sqliteStore({ filename })`");
    return memoryStore();
  }
  if (typeof store.append !== "function" || typeof store.open !== "function") {
    throw mistake("`store` must be a ChatStore, such as `sqliteStore({ filename })`, and not a promise of one");
  }
  return store;
}

function checkRetention(retention: ChatServerOptions["retention"]): ChatServerOptions["retention"] {
  if (retention === undefined || (Number.isFinite(retention.days) && retention.days > 0)) return retention;
  throw mistake("`retention` must be like `{ days: 90 }`, with a number above 0; leave it out to keep messages for ever");
}

function checkOrigins(allowed: ChatServerOptions["allowedOrigins"]): ChatServerOptions["allowedOrigins"] {
  if (allowed === undefined || typeof allowed === "function") return allowed;
  if (!Array.isArray(allowed)) throw mistake('`allowedOrigins` must be a list such as `["https://www.example.com"]`, or a function');
  for (const origin of allowed) {
    if (typeof origin !== "string" || parseOrigin(origin) === undefined) {
      throw mistake(
        `\`allowedOrigins\` has ${JSON.stringify(origin)}, which is not an origin; write exact ones such as "https://www.example.com", ` +
          "without a path or a slash at the end, or give a function; there are no wildcards, since any page could then write in the name of its visitors",
      );
    }
  }
  return [...allowed];
}

function resolveLimits(given: ChatServerOptions["limits"] = {}): Limits {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(defaultLimits, name));
  if (unknown !== undefined) throw mistake(`there is no limit \`${unknown}\`; the limits are ${Object.keys(defaultLimits).join(", ")}`);
  const limits = { ...defaultLimits, ...given };
  const parsed = Limits.safeParse(limits);
  if (!parsed.success) throw mistake(`\`limits.${parsed.error.issues[0]?.path.join(".")}\` must be a whole number above 0`);
  for (const [name, most] of mostAllowed) {
    if (limits[name] > most) throw mistake(`\`limits.${name}\` must be at most ${most}; the protocol allows no more`);
  }
  if (limits.packetBytes < 2 * limits.textBytes + framingBytes) {
    throw mistake(`\`limits.packetBytes\` must be at least twice \`limits.textBytes\` + ${framingBytes}, or a message that is allowed could not be sent`);
  }
  return parsed.data;
}

function resolveRates(given: ChatServerOptions["rates"] = {}): Rates {
  for (const [name, rate] of Object.entries(given)) {
    if (!Object.hasOwn(defaultRates, name)) throw mistake(`there is no rate \`${name}\`; the rates are ${Object.keys(defaultRates).join(", ")}`);
    if (!(rate.burst >= 1 && rate.perSecond > 0)) throw mistake(`\`rates.${name}\` must be like \`{ burst: 50, perSecond: 10 }\`, with at least 1 and more than 0`);
  }
  return { ...defaultRates, ...given };
}
