import type { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { refuseUpgrade } from "./refuse-upgrade.js";

type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
type ShouldUpgrade = (request: IncomingMessage) => boolean;

const ownListeners = new WeakSet<object>();

/**
 * Listens for upgrades without taking anything from an application that has none. Node takes every request with an
 * `Upgrade` header out of HTTP as soon as anybody listens: those that ask for something else than a WebSocket, as HTTP
 * clients with HTTP/2 in mind do (`Upgrade: h2c`), stay ordinary requests; WebSockets that are nobody's are refused.
 * Gives the function that ends it.
 */
export function keepRequests(server: EventEmitter): () => void {
  const isAlone = () => server.listeners("upgrade").every((listener) => ownListeners.has(listener));
  const onUpgrade: UpgradeListener = (request, socket, head) => {
    if (server.listeners("upgrade")[0] !== onUpgrade || !isAlone()) return;
    if (isWebSocket(request)) refuseUpgrade(socket, 404);
    else readAgain(server, request, socket, head);
  };
  ownListeners.add(onUpgrade);
  server.on("upgrade", onUpgrade);

  // Node 24 asks first; older ones have taken the request out of HTTP by now.
  const previous: unknown = Reflect.get(server, "shouldUpgradeCallback");
  let isKept = true;
  const shouldUpgrade: ShouldUpgrade = (request) => (isKept && isAlone() ? isWebSocket(request) : Boolean(typeof previous === "function" && Reflect.apply(previous, server, [request])));
  if (typeof previous === "function") Reflect.set(server, "shouldUpgradeCallback", shouldUpgrade);

  return () => {
    isKept = false;
    server.off("upgrade", onUpgrade);
    if (Reflect.get(server, "shouldUpgradeCallback") === shouldUpgrade) Reflect.set(server, "shouldUpgradeCallback", previous);
  };
}

/** Whether an upgrade is to a WebSocket. */
export function isWebSocket({ headers: { upgrade } }: IncomingMessage): boolean {
  return upgrade?.toLowerCase() === "websocket";
}

/**
 * Gives a request that Node took out of HTTP back to the server, without its wish to upgrade. The server reads it once
 * more from the connection, so that its body, its timeouts and what follows on the same connection are as ever; Node
 * documents the event "connection" as the way to hand a server a connection.
 */
export function readAgain(server: EventEmitter, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name, value] = rawHeaders.slice(at, at + 2);
    if (name?.toLowerCase() !== "upgrade") lines.push(`${name}: ${value}`);
  }
  // As Node read them: one character is one byte.
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), head]));
  server.emit("encrypted" in socket ? "secureConnection" : "connection", socket);
}
