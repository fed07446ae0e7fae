import type { EventEmitter } from "node:events";
import { type IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { refuseUpgrade } from "./refuse-upgrade.js";

type UpgradeListener = (request: IncomingMessage, socket: Duplex) => void;
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
  const onUpgrade: UpgradeListener = (request, socket) => {
    if (server.listeners("upgrade")[0] !== onUpgrade || !isAlone()) return;
    if (isWebSocket(request) || !answerAsRequest(server, request, socket)) refuseUpgrade(socket, "404 Not Found");
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

/** Gives a request without a body its answer as one; false when it has one, which cannot be read any more. */
export function answerAsRequest(server: EventEmitter, request: IncomingMessage, socket: Duplex): boolean {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  if ((length ?? "0") !== "0" || encoding !== undefined || !(socket instanceof Socket)) return false;
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.on("finish", () => socket.end());
  return server.emit("request", request, response);
}
