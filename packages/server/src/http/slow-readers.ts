import type { Duplex } from "node:stream";
import type { Socket as Connection } from "engine.io";
import type { Clock, Timer } from "../clock.js";

/** Bytes that may wait for one connection before it is cut. */
const mostBytes = 4 * 1_024 * 1_024;
/** Packets that may wait for one connection that polls. */
const mostPackets = 1_000;
/** Bytes that may wait for one connection that asks for more. */
const behindBytes = 1_024 * 1_024;
const intervalMs = 1_000;

/** What is used of the WebSocket below a connection. */
interface OpenWebSocket {
  readonly bufferedAmount: number;
  terminate(): void;
}

interface Waiting {
  packets: number;
  bytes: number;
}

/**
 * Cuts connections that do not read what they are sent, so that one of them cannot fill the memory. Nothing is lost:
 * a client of good will comes back and reads the log from where it stands.
 */
export class SlowReaders {
  readonly #clock: Clock;
  readonly #sockets = new Set<Duplex>();
  /** What Engine.IO holds for each connection until it can be handed to the network. */
  readonly #connections = new Map<Connection, Waiting>();
  #timer: Timer;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#timer = this.#schedule();
  }

  /** The network socket of a WebSocket; what waits for it waits there and not in Engine.IO's own buffer. */
  watchSocket(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
  }

  watchConnection(connection: Connection): void {
    this.#connections.set(connection, { packets: 0, bytes: 0 });
    connection.on("packetCreate", ({ data }: { data?: unknown }) => this.#onPacket(connection, data));
    connection.on("flush", () => this.#connections.set(connection, { packets: 0, bytes: 0 }));
    connection.on("close", () => this.#connections.delete(connection));
  }

  /** Whether a connection has much to read before it needs another answer. */
  isBehind(connection: Connection): boolean {
    return (this.#connections.get(connection)?.bytes ?? 0) + bufferedBytes(connection) > behindBytes;
  }

  /** Cuts whatever is still connected. */
  close(): void {
    this.#clock.clearTimeout(this.#timer);
    for (const socket of this.#sockets) socket.destroy();
  }

  #onPacket(connection: Connection, data: unknown): void {
    const waiting = this.#connections.get(connection);
    if (waiting === undefined) return;
    waiting.packets += 1;
    waiting.bytes += typeof data === "string" ? data.length : 0;
  }

  #schedule(): Timer {
    return this.#clock.setTimeout(() => {
      for (const socket of this.#sockets) if (socket.writableLength > mostBytes) socket.destroy();
      for (const [connection, { packets, bytes }] of this.#connections) if (packets > mostPackets || bytes > mostBytes) cut(connection);
      this.#timer = this.#schedule();
    }, intervalMs);
  }
}

/** Ends a connection at once: a goodbye would wait behind everything that is not read, or for an answer that never comes. */
export function cut(connection: Connection): void {
  webSocketOf(connection)?.terminate();
  connection.close(true);
}

/** What the WebSocket of a connection has not handed to the network. */
function bufferedBytes(connection: Connection): number {
  return webSocketOf(connection)?.bufferedAmount ?? 0;
}

function webSocketOf({ transport }: Connection): OpenWebSocket | undefined {
  const socket: unknown = Reflect.get(transport, "socket");
  return isWebSocket(socket) ? socket : undefined;
}

function isWebSocket(socket: unknown): socket is OpenWebSocket {
  return typeof socket === "object" && socket !== null && "terminate" in socket && "bufferedAmount" in socket;
}
