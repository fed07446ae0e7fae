import { EventEmitter } from "node:events";
import type { Server as HttpServer } from "node:http";
import type { Server as HttpsServer } from "node:https";
import type { Server as SocketServer } from "socket.io";
import { mistake } from "../mistake.js";
import { takeOwnSeat } from "./own-seat.js";
import type { Seat, SeatOptions } from "./seat.js";
import { takeSharedSeat } from "./shared-seat.js";

type Host = HttpServer | HttpsServer | SocketServer;

/** Gives the chat its place on whatever server the application has. @throws {ChatError} `invalid` */
export function takeSeat(server: Host, options: SeatOptions): Seat {
  if (isSocketServer(server)) {
    if (options.use.length > 0) throw mistake("`use` has no effect on a Socket.IO server that exists; call `io.engine.use(…)` with each middleware instead");
    if (options.adapter !== undefined) throw mistake("`adapter` has no effect on a Socket.IO server that exists; give it to that server, as `io.adapter(…)`");
    if (!isEmitter(server.httpServer)) throw mistake("the Socket.IO server is not attached to an HTTP server yet; attach it first");
    return takeSharedSeat(server, options);
  }
  // A server of `node:net` has no `setTimeout`.
  if (isEmitter(server) && "listen" in server && "setTimeout" in server) return takeOwnSeat(server, options);
  throw mistake(
    "the first argument must be a Node HTTP server or a Socket.IO server" +
      (typeof server === "function" ? "; this is a function, such as an Express app: pass `createServer(app)` and let that listen" : ""),
  );
}

function isSocketServer(server: Host): server is SocketServer {
  return isObject(server) && "of" in server && "sockets" in server;
}

function isEmitter(value: unknown): value is EventEmitter {
  return value instanceof EventEmitter;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
