import type { Duplex } from "node:stream";
import type { Socket as Connection } from "engine.io";
import type { Clock, Timer } from "../clock.js";
import { type Unread, webSocketOf } from "./unread.js";

/** Bytes that may wait for one connection before it is cut. */
const mostBytes = 4 * 1_024 * 1_024;
/** Packets that may wait for one connection that polls. */
const mostPackets = 1_000;
const intervalMs = 1_000;

/**
 * Cuts connections that do not read what they are sent, so that one of them cannot fill the memory. Nothing is lost:
 * a client of good will comes back and reads the log from where it stands.
 */
export class SlowReaders {
  readonly #unread: Unread;
  readonly #clock: Clock;
  readonly #sockets = new Set<Duplex>();
  #timer: Timer;

  constructor(unread: Unread, clock: Clock) {
    this.#unread = unread;
    this.#clock = clock;
    this.#timer = this.#schedule();
  }

  /** The network socket of a WebSocket; what waits for it waits there and not in Engine.IO's own buffer. */
  watchSocket(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
  }

  /** Cuts whatever is still connected. */
  close(): void {
    this.#clock.clearTimeout(this.#timer);
    for (const socket of this.#sockets) socket.destroy();
  }

  #schedule(): Timer {
    return this.#clock.setTimeout(() => {
      for (const socket of this.#sockets) if (socket.writableLength > mostBytes) socket.destroy();
      for (const [connection, { packets, bytes }] of this.#unread) if (packets > mostPackets || bytes > mostBytes) cut(connection);
      this.#timer = this.#schedule();
    }, intervalMs);
  }
}

/** Ends a connection at once: a goodbye would wait behind everything that is not read, or for an answer that never comes. */
export function cut(connection: Connection): void {
  webSocketOf(connection)?.terminate();
  connection.close(true);
}
