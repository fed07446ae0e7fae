import type { Socket as Connection } from "engine.io";

/** Bytes that may wait for one connection that asks for more. */
const behindBytes = 1_024 * 1_024;

/** What is used of the WebSocket below a connection. */
interface OpenWebSocket {
  readonly bufferedAmount: number;
  terminate(): void;
}

/** What Engine.IO holds for a connection until it can be handed to the network. */
interface Waiting {
  packets: number;
  bytes: number;
}

/** Counts what waits to be read by each connection that is watched. */
export class Unread {
  readonly #connections = new Map<Connection, Waiting>();

  [Symbol.iterator](): Iterator<readonly [Connection, Readonly<Waiting>]> {
    return this.#connections.entries();
  }

  /** Watches a connection until it ends. */
  watch(connection: Connection): void {
    if (this.#connections.has(connection)) return;
    const waiting = { packets: 0, bytes: 0 };
    this.#connections.set(connection, waiting);
    connection.on("packetCreate", ({ data }: { data?: unknown }) => {
      waiting.packets += 1;
      waiting.bytes += typeof data === "string" ? data.length : 0;
    });
    connection.on("flush", () => Object.assign(waiting, { packets: 0, bytes: 0 }));
    connection.on("close", () => this.#connections.delete(connection));
  }

  /** Whether a connection has much to read before it needs another answer. */
  isBehind(connection: Connection): boolean {
    const bytes = this.#connections.get(connection)?.bytes ?? 0;
    return bytes + (webSocketOf(connection)?.bufferedAmount ?? 0) > behindBytes;
  }
}

/** The WebSocket of a connection, which holds what it has not handed to the network. */
export function webSocketOf({ transport }: Connection): OpenWebSocket | undefined {
  const socket: unknown = Reflect.get(transport, "socket");
  return isWebSocket(socket) ? socket : undefined;
}

function isWebSocket(socket: unknown): socket is OpenWebSocket {
  return typeof socket === "object" && socket !== null && "terminate" in socket && "bufferedAmount" in socket;
}
