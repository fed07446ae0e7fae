import type { Namespace, Server, Socket } from "socket.io";
import type { Clock } from "../clock.js";
import type { Report } from "../logger.js";
import type { Rate } from "../token-bucket.js";
import type { ConnectionLimit } from "./connection-limit.js";
import type { Middleware } from "./handshake-middleware.js";
import type { OriginGuard } from "./origin-guard.js";
import type { Routes } from "./routes.js";

/** The chat's place in Socket.IO. */
export interface Seat {
  namespace: Namespace;
  /** Bytes of one packet that the transport lets through. */
  packetBytes: number;
  /** True when the connections carry nothing but the chat, so that a hostile one may be cut whole. */
  isExclusive: boolean;
  /** Refuses a connection that should not have come this far. @throws {ChatError} `forbidden` */
  checkRequest(socket: Socket): void;
  /** Whether so much waits to be read by a client that it is answered nothing more for now. */
  isBehind(socket: Socket): boolean;
  /** Ends one session so that a client of good will comes back on its own. */
  release(socket: Socket): void;
  /** Ends one session at once, and sends nothing of what waits for its client. */
  cut(socket: Socket): void;
  /** Stops taking connections, cuts those that are left and leaves the HTTP server as it was. */
  close(): Promise<void>;
}

/** What `createAdapter` of an adapter's package gives. */
export type AdapterFactory = NonNullable<Parameters<Server["adapter"]>[0]>;

/** What it takes to give the chat its place. */
export interface SeatOptions {
  path: string;
  packetBytes: number;
  packetRate: Rate;
  use: readonly Middleware[];
  adapter: AdapterFactory | undefined;
  guard: OriginGuard;
  connectionLimit: ConnectionLimit;
  routes: Routes;
  clock: Clock;
  report: Report;
}
