import type { Server } from "socket.io";
import { ChatError } from "@chat-widget/protocol";
import { mount } from "./mount.js";
import { answer } from "./routes.js";
import type { Seat, SeatOptions } from "./seat.js";
import { Unread } from "./unread.js";

/** Gives the chat a namespace in the application's own Socket.IO, and its files a path on the HTTP server below. */
export function takeSharedSeat(io: Server, { path, packetBytes, guard, connectionLimit, routes }: SeatOptions): Seat {
  if (io._nsps.has(path)) {
    throw new ChatError("invalid", `unable to open the chat; the Socket.IO server uses the namespace \`${path}\` already, give the chat another \`path\``);
  }
  // May be refused, so that it comes before anything is made.
  const unmount = mount(io.httpServer, path, { request: (request, response) => void answer(routes, request, response) });
  const namespace = io.of(path);
  const unread = new Unread();
  /** Connections that are counted already: each may open the chat again and again. */
  const held = new WeakSet<object>();
  return {
    namespace,
    packetBytes: Math.min(packetBytes, io.engine.opts.maxHttpBufferSize ?? packetBytes),
    isExclusive: false,
    checkRequest({ conn, request, handshake }) {
      const verdict = guard.check(request);
      if (!verdict.allowed) throw guard.errorOf(verdict);
      // With JSONP any page could read and write in the name of a visitor.
      if (handshake.query["j"] !== undefined) throw new ChatError("forbidden", "unable to connect; JSONP is not spoken here");
      const refusal = held.has(conn) ? undefined : connectionLimit.refusal(request);
      if (refusal !== undefined) throw refusal;
      if (!held.has(conn)) connectionLimit.hold(request, conn);
      held.add(conn);
      unread.watch(conn);
    },
    // The connection carries other namespaces too and stays.
    release: (socket) => void socket.disconnect(),
    cut: (socket) => void socket.disconnect(),
    // To cut it is the application's to decide.
    isBehind: ({ conn }) => unread.isBehind(conn),
    async close() {
      unmount();
      namespace.disconnectSockets();
      namespace.removeAllListeners();
      io._nsps.delete(path);
      await namespace.adapter.close();
    },
  };
}
