import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** Answers an upgrade with an HTTP status and closes the connection. */
export function refuseUpgrade(socket: Duplex, status: number, body = "", retryAfterMs = 0): void {
  socket.on("error", () => undefined);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}${retryAfterMs > 0 ? `\r\nRetry-After: ${Math.ceil(retryAfterMs / 1_000)}` : ""}`;
  // A peer that never closes its side must not keep the connection.
  socket.end(`${head}\r\n\r\n${body}`, () => socket.destroy());
}
