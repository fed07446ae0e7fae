import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { ChatError } from "@chat-widget/protocol";
import { keepRequests } from "./keep-requests.js";

/** What answers below a path. */
export interface Door {
  request(request: IncomingMessage, response: ServerResponse): void;
  /** When missing, upgrades below the path are left to the server's other listeners. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

const mountedPaths = new WeakMap<EventEmitter, Set<string>>();

/**
 * Puts a door on an HTTP server: requests and upgrades below `path` go to it alone, everything else goes on as if it
 * were not there, whichever listeners come before or after. Gives a function that takes the door away.
 *
 * It steps in front of the server's `emit`, not among its listeners: a listener that is added later would answer our
 * requests a second time, and a `ws` server with a path answers every upgrade that is not its own with an error.
 */
export function mount(server: EventEmitter, path: string, door: Door): () => void {
  const paths = mountedPaths.get(server) ?? new Set();
  if (paths.has(path)) throw new ChatError("invalid", `unable to mount the chat; the HTTP server has one at \`${path}\` already, give this one another \`path\``);
  mountedPaths.set(server, paths.add(path));
  let isMounted = true;

  const ours = new EventEmitter();
  ours.on("request", door.request);
  if (door.upgrade !== undefined) ours.on("upgrade", door.upgrade);
  const isOurs = (request: unknown): boolean => {
    const url = typeof request === "object" && request !== null && "url" in request ? request.url : undefined;
    if (typeof url !== "string" || !url.startsWith(`${path}/`) || url.length === path.length + 1) return false;
    // What is below another door that stands below this one is that one's.
    return ![...paths].some((other) => other.length > path.length && url.startsWith(`${other}/`));
  };
  const hadOwnEmit = Object.hasOwn(server, "emit");
  const previous = server.emit;
  const emitOrAnswer: typeof server.emit = (event: string | symbol, ...parts: unknown[]): boolean => {
    if (isMounted && ours.listenerCount(event) > 0 && isOurs(parts[0])) return ours.emit(event, ...parts);
    return Reflect.apply(previous, server, [event, ...parts]);
  };
  server.emit = emitOrAnswer;

  const release = door.upgrade === undefined ? undefined : keepRequests(server);

  return () => {
    isMounted = false;
    paths.delete(path);
    release?.();
    // Someone who stepped in front of us later still calls us; then this stays and lets everything through.
    if (server.emit !== emitOrAnswer) return;
    if (hadOwnEmit) server.emit = previous;
    else Reflect.deleteProperty(server, "emit");
  };
}
