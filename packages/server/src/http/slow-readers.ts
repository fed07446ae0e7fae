import type { Duplex } from "node:stream";
import type { Socket as Connection } from "engine.io";
import type { Clock, Timer } from "../clock.js";

/** Bytes that may wait for one WebSocket. */
const mostBytes = 4 * 1_024 * 1_024;
/** Packets that may wait for one connection that polls. */
const mostPackets = 1_000;
const intervalMs = 1_000;

/**
 * Cuts connections that do not read what they are sent, so that one of them cannot fill the memory. Nothing is lost:
 * a client of good will comes back and reads the log from where it stands.
 */
export class SlowReaders {
  readonly #clock: Clock;
  readonly #sockets = new Set<Duplex>();
  /** Connections and how many packets wait for each. */
  readonly #connections = new Map<Connection, number>();
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
    this.#connections.set(connection, 0);
    connection.on("packetCreate", () => this.#connections.set(connection, (this.#connections.get(connection) ?? 0) + 1));
    connection.on("flush", () => this.#connections.set(connection, 0));
    connection.on("close", () => this.#connections.delete(connection));
  }

  close(): void {
    this.#clock.clearTimeout(this.#timer);
  }

  #schedule(): Timer {
    return this.#clock.setTimeout(() => {
      for (const socket of this.#sockets) if (socket.writableLength > mostBytes) socket.destroy();
      for (const [connection, waiting] of this.#connections) if (waiting > mostPackets) connection.close(true);
      this.#timer = this.#schedule();
    }, intervalMs);
  }
}
