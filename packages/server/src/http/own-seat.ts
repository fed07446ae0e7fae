import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import { Server as Engine, type Socket as Connection } from "engine.io";
import { Server } from "socket.io";
import type { ChatError } from "@chat-widget/protocol";
import { onHandshakeOnly } from "./handshake-middleware.js";
import { isWebSocket, readAgain } from "./keep-requests.js";
import { type Door, mount } from "./mount.js";
import { limitPackets } from "./packet-limit.js";
import { queryOf } from "./query.js";
import { refuseUpgrade } from "./refuse-upgrade.js";
import { answer, nameBelow, sendError, sendRefusal } from "./routes.js";
import type { Seat, SeatOptions } from "./seat.js";
import { cut, SlowReaders } from "./slow-readers.js";
import { textParser } from "./text-parser.js";
import { Unread } from "./unread.js";

/** How long connections may take to say goodbye before they are cut. */
const farewellMs = 500;

/** Puts a Socket.IO of our own on an HTTP server, at `<path>/socket.io`. */
export function takeOwnSeat(server: HttpServer, options: SeatOptions): Seat {
  const { path, packetBytes, guard, connectionLimit, routes, clock, report } = options;
  const engine = new Engine({ maxHttpBufferSize: packetBytes, pingInterval: 15_000, pingTimeout: 10_000, transports: ["polling", "websocket"] });
  for (const middleware of options.use) engine.use(onHandshakeOnly(middleware, clock, report));
  const io = new Server({ parser: textParser, connectTimeout: 10_000, serveClient: false, ...(options.adapter && { adapter: options.adapter }) });
  io.bind(engine);
  const unread = new Unread();
  const slowReaders = new SlowReaders(unread, clock);
  const connections = new Set<Connection>();
  /** Requests without an answer yet. */
  const polls = new Set<ServerResponse>();
  let onEmpty: (() => void) | undefined;
  engine.on("connection", (connection: Connection) => {
    if (!connectionLimit.hold(connection.request, connection)) return void connection.close(true);
    connections.add(connection);
    // Engine.IO waits 30 s for one that polls to fetch its goodbye, and keeps the process for so long.
    Reflect.set(connection.transport, "closeTimeout", farewellMs);
    limitPackets(connection, options.packetRate, clock);
    unread.watch(connection);
    connection.on("close", (reason: string) => {
      if (reason === "ping timeout") cut(connection);
      connections.delete(connection);
      if (connections.size === 0) onEmpty?.();
    });
  });

  const stop = async (): Promise<void> => {
    slowReaders.close();
    await io.close();
    for (const response of polls) response.destroy();
  };
  const door: Door = {
    request(request, response) {
      if (!isForEngine(path, request) || request.method === "OPTIONS") return void answer(routes, request, response);
      polls.add(response);
      response.once("close", () => polls.delete(response));
      poll(engine, options, request, response);
    },
    upgrade(request, socket, head) {
      // Until the WebSocket is made nobody else hears when the network breaks, and an error nobody hears ends the process.
      socket.on("error", () => undefined);
      if (!isWebSocket(request)) return readAgain(server, request, socket, head);
      if (!isForEngine(path, request)) return refuseUpgrade(socket, 404);
      const verdict = guard.check(request);
      if (!verdict.allowed) return refuseUpgrade(socket, 403, guard.errorOf(verdict).message);
      const refusal = refusalOf(options, request);
      if (refusal !== undefined) return refuseUpgrade(socket, statusOf(refusal), refusal.message, refusal.retryAfterMs);
      slowReaders.watchSocket(socket);
      engine.handleUpgrade(request, socket, head);
    },
  };
  const unmount = mountOr(server, path, door, stop);

  return {
    namespace: io.of("/"),
    packetBytes,
    isExclusive: true,
    // Every request was checked before Socket.IO saw it.
    checkRequest: () => undefined,
    // Without a farewell packet of Socket.IO, after which a client would not come back unasked.
    release: (socket) => void socket.conn.close(),
    cut: (socket) => cut(socket.conn),
    isBehind: (socket) => unread.isBehind(socket.conn),
    async close() {
      if (connections.size > 0) {
        await new Promise<void>((resolve) => {
          onEmpty = resolve;
          clock.setTimeout(resolve, farewellMs);
        });
      }
      // Not earlier: those who poll fetch their goodbye.
      unmount();
      await stop();
    },
  };
}

/** A door that cannot be put up leaves nothing running behind it. */
function mountOr(server: HttpServer, path: string, door: Door, stop: () => Promise<void>): () => void {
  try {
    return mount(server, path, door);
  } catch (error) {
    void stop();
    throw error;
  }
}

function isForEngine(path: string, request: IncomingMessage): boolean {
  const name = nameBelow(path, request);
  return name === "socket.io" || name === "socket.io/";
}

/** Why a request may open no connection now; undefined also for what belongs to one that is open. */
function refusalOf({ connectionLimit }: SeatOptions, request: IncomingMessage): ChatError | undefined {
  return queryOf(request).has("sid") ? undefined : connectionLimit.refusal(request);
}

function statusOf({ code }: ChatError): number {
  return code === "unavailable" ? 503 : 429;
}

function poll(engine: Engine, options: SeatOptions, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("X-Content-Type-Options", "nosniff");
  const verdict = options.guard.allowPage(request, response);
  if (!verdict.allowed) return sendError(response, 403, "forbidden", options.guard.errorOf(verdict).message);
  // Engine.IO still answers JSONP, with which any page could read and write in the name of a visitor.
  if (queryOf(request).has("j")) {
    return sendError(response, 403, "forbidden", "unable to answer; JSONP is not spoken here");
  }
  const refusal = refusalOf(options, request);
  if (refusal !== undefined) {
    response.setHeader("Retry-After", Math.ceil((refusal.retryAfterMs ?? 0) / 1_000));
    return sendRefusal(response, statusOf(refusal), refusal);
  }
  engine.handleRequest(request, response);
}

