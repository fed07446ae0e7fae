import { ChatError, type EventDefinitions, type NoEvents } from "@chat-widget/protocol";
import { systemClock, type Clock } from "./clock.js";
import { consoleLogger, type Logger } from "./logger.js";
import { memoryStorage, type ClientStorage } from "./storage/client-storage.js";
import { indexedDbStorage } from "./storage/indexed-db.js";
import { resilientStorage } from "./storage/resilient-storage.js";
import { defaultTransport } from "./transport/default-transport.js";
import type { Transport } from "./transport/transport.js";

export interface ChatClientOptions<E extends EventDefinitions = NoEvents> {
  /** Where the chat server is mounted. In a browser it may be relative to the page; elsewhere it has a scheme and a host. Default `"/chat"`. */
  url?: string | URL;
  /** Only for a server that was given an existing Socket.IO: its path (`"/socket.io"`) and the chat's namespace (`"/chat"`). */
  socket?: { path: string; namespace: string };
  /** Gives the token for the server's `authenticate`; asked at every connection. */
  getToken?: () => string | Promise<string>;
  /** The application's own events, from `defineEvents`; the same are given to `createChatServer`. */
  events?: E;
  /** What a guest wants to be called; without it the server makes a name up. */
  guestName?: string;
  /** Where unsent messages, a guest's identity and the newest they have read are kept. Default: IndexedDB in a browser, memory elsewhere. */
  storage?: ClientStorage;
  /** How to reach the server. Default: Socket.IO. */
  transport?: Transport;
  clock?: Clock;
  /** Like `Math.random`. */
  random?: () => number;
  /** Default: warnings and errors go to the console. */
  logger?: Logger;
}

export interface Settings {
  /** Names the server in storage. */
  server: string;
  getToken: (() => string | Promise<string>) | undefined;
  guestName: string | undefined;
  events: EventDefinitions | undefined;
  storage: ClientStorage;
  /** The same, for what may be lost: what goes wrong there must not cost what may not. */
  cache: ClientStorage;
  transport: Transport;
  askAccess: (() => Promise<ChatError | undefined>) | undefined;
  clock: Clock;
  random: () => number;
  logger: Logger;
}

/** Options with everything that was left out. @throws {ChatError} `invalid` */
export function resolveOptions(options: ChatClientOptions<EventDefinitions>): Settings {
  const url = resolveUrl(options.url ?? "/chat");
  const path = url.pathname.replace(/\/+$/, "");
  const { socket = { path: `${path}/socket.io`, namespace: "/" }, logger = consoleLogger, clock = systemClock } = options;
  for (const [name, value] of [["getToken", options.getToken], ["random", options.random]] as const) {
    if (value !== undefined && typeof value !== "function") throw new ChatError("invalid", `unable to make a chat client; ${name} is a function, or left out`);
  }
  if (options.guestName !== undefined && typeof options.guestName !== "string") throw new ChatError("invalid", "unable to make a chat client; guestName is a string, or left out");
  const server = url.origin + path;
  const cache = options.storage ?? (typeof indexedDB === "undefined" ? memoryStorage() : indexedDbStorage());
  const isInBrowser = typeof document !== "undefined";
  return {
    server,
    getToken: options.getToken,
    guestName: options.guestName,
    events: options.events,
    storage: resilientStorage(cache, clock, logger),
    cache,
    transport: options.transport ?? defaultTransport({ origin: url.origin, ...socket }, clock),
    askAccess: isInBrowser && options.transport === undefined ? async () => (await import("./connection/ask-access.js")).askAccess(server) : undefined,
    clock,
    random: options.random ?? Math.random,
    logger,
  };
}

function resolveUrl(given: string | URL): URL {
  const base = typeof document === "undefined" ? undefined : document.baseURI;
  const url = URL.canParse(String(given), base) ? new URL(given, base) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  const advice = base === undefined ? 'give all of it, as in "https://www.example.com/chat"' : 'give a path of this site, as in "/chat", or an address with http or https';
  throw new ChatError("invalid", `unable to make a chat client; "${String(given)}" is no address of a chat server: ${advice}`);
}
