import type { EventDefinitions, Limits, NoEvents, Report, RoomEvent, RoomSettings, User } from "@chat-widget/protocol";
import type { Clock } from "./clock.js";
import type { AddressRules, PerAddress } from "./http/address-limit.js";
import type { Middleware } from "./http/handshake-middleware.js";
import type { AllowedOrigins } from "./http/origin.js";
import type { AdapterFactory } from "./http/seat.js";
import type { Logger } from "./logger.js";
import type { Authorize } from "./policy/authorize.js";
import type { DataSchema } from "./policy/message-types.js";
import type { Moderate } from "./policy/moderate.js";
import type { Authenticate } from "./session/authenticate.js";
import type { Rates } from "./session/rate-limit.js";
import type { ChatStore } from "./stores/chat-store.js";
import type { UploadOptions, UploadRules } from "./uploads/upload-options.js";
import type { Webhook } from "./webhooks/webhook.js";

/** How a chat server may be set up; everything has a default. */
export interface ChatServerOptions<E extends EventDefinitions = NoEvents> {
  /** Where the chat answers: `/chat/socket.io`, `/chat/widget.js` and so on. With an existing Socket.IO server also the name of its namespace. `/chat` when left out. */
  path?: string;
  /** Where messages are kept; in memory when left out. */
  store?: ChatStore;
  /** Says who asks, from a session, a cookie or a token. Without it everyone is a guest. */
  authenticate?: Authenticate;
  /** Whether people the application does not know may take part. True only without `authenticate` and outside production. */
  guests?: boolean;
  /** Whether a guest who signs in goes on as the account: what they wrote is theirs to see, edit and delete, and the guest is no more. True when left out. */
  linkGuests?: boolean;
  /** Middleware of Connect or Express, run for the request that opens a connection, such as a session's. Not with an existing Socket.IO server, which has `io.engine.use`. */
  use?: readonly Middleware[];
  /** How several servers of one chat reach each other: any Socket.IO adapter, such as `createAdapter(pub, sub)` of `@socket.io/redis-adapter`. All of them need one store that they share. Not with an existing Socket.IO server, which has `io.adapter`. */
  adapter?: AdapterFactory;
  /** Decides who may do what; the default policy lets everyone in and moderators delete what others wrote. Asked at every command, and once a minute for each room that somebody has open. */
  authorize?: Authorize;
  /** Looks at what users write, before it is stored: lets it through, changes it, or refuses it with a reason. Not asked about what the application itself sends. */
  moderate?: Moderate;
  /** The types of data that users may put into messages, such as `{ "order.card": z.object({ id: z.string() }) }`, each with a validator of any library that speaks Standard Schema. None when left out; the application itself may send any. */
  messageTypes?: Readonly<Record<string, DataSchema>>;
  /** How a room is run that nobody set anything for, as in `{ access: "private" }`: then only rooms that the application or a moderator made can be joined, and one that does not exist looks like one that may not be read. Open to everybody when left out. */
  roomDefaults?: Partial<RoomSettings>;
  /** The application's own events, from `defineEvents`; the same are given to `createChatClient`. Only these names are taken, and only with what their schemas allow. */
  events?: E;
  /** The pages that may connect, such as `["https://www.example.com"]`, or a function. Only pages of the server's own origin when left out. */
  allowedOrigins?: AllowedOrigins;
  /** Takes files, such as `{ files: diskFiles({ folder: "uploads" }) }`. None are taken when left out: to keep what strangers send takes a place for it, and a decision. */
  uploads?: UploadOptions;
  /** Bounds that are enforced and told to clients. */
  limits?: Partial<Omit<Limits, "uploads">>;
  /** How often each user may ask, and how many packets a connection may send. */
  rates?: Partial<Rates>;
  /** Limits of each address, such as `{ proxies: 1 }` behind one proxy. None are kept when left out: behind a proxy that is not known of, everybody has the proxy's address. */
  perAddress?: PerAddress;
  /** How many connections there may be to one server: `total`, 10,000 when left out, and of each user (`perUser`, 20), a guest being one. Who comes when there are as many waits and comes again. */
  connections?: Partial<ConnectionCaps>;
  /** How long messages are kept, as in `{ days: 90 }`; for ever when left out. What is older goes within an hour, with its edits, reactions and names. Who wrote when under which id is kept for 30 days, so that nothing is done twice. */
  retention?: { days: number };
  /** How long the audit log and reports, with the texts they keep as evidence, are kept, as in `{ days: 365 }`; for ever when left out. */
  auditRetention?: { days: number };
  /** Where the server writes; pino fits. Warnings and errors go to the console when left out. */
  logger?: Logger;
  clock?: Clock;
  /** Gives numbers from 0 to below 1, like `Math.random`. */
  random?: () => number;
  /** Something was stored: a message, an edit, a deletion, a reaction. Called once for each event, in the order of its room, by the server that stored it; not again for one that was asked twice. */
  onEvent?: (roomId: string, event: RoomEvent) => void;
  /** A message was reported for the first time, or flagged by `moderate`. Called once for each, by the server that stored it; others who report the same text are added to the report. */
  onReport?: (report: Report) => void;
  /** A connection of a user has opened. */
  onConnect?: (user: User) => void;
  /** A connection of a user has ended. */
  onDisconnect?: (user: User) => void;
  /** Addresses that are told what happens in rooms, as `onEvent` is, but by HTTP and until they have heard it: after a crash too, in the order of each room, each event at least once. */
  webhooks?: readonly Webhook[];
  /** Opens an HTTP API at `/chat/api` to programs that show one of these keys, each of at least 32 characters; it may do anything in every room. Not offered when left out. */
  api?: { keys: readonly string[] };
  /** An error that nobody expected, after it was logged. */
  onError?: (error: unknown) => void;
}

/** How many connections there may be at once to one server. */
export interface ConnectionCaps {
  total: number;
  perUser: number;
}

/** Options of an application with whatever events. */
export type AnyOptions = ChatServerOptions<EventDefinitions>;

type WithDefault = "path" | "store" | "guests" | "linkGuests" | "use" | "webhooks" | "logger" | "clock" | "random";

/** Options with every default filled in. */
export type Settings = Required<Pick<AnyOptions, WithDefault>> & {
  [N in Exclude<keyof AnyOptions, WithDefault | "limits" | "rates" | "perAddress" | "uploads" | "connections" | "roomDefaults">]-?: AnyOptions[N] | undefined;
} & { limits: Limits; rates: Rates; roomDefaults: RoomSettings; perAddress: AddressRules | undefined; connections: ConnectionCaps; uploads: UploadRules | undefined };
