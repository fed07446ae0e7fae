import type { Duplex } from "node:stream";

/** Answers an upgrade with an HTTP status and closes the connection. */
export function refuseUpgrade(socket: Duplex, status: string, body = ""): void {
  socket.on("error", () => undefined);
  const head = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}`;
  // A peer that never closes its side must not keep the connection.
  socket.end(`${head}\r\n\r\n${body}`, () => socket.destroy());
}
