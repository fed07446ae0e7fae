import type { IncomingMessage } from "node:http";
import { ChatError } from "@chat-widget/protocol";
import type { Logger } from "../logger.js";
import type { AddressLimit } from "./address-limit.js";

/** A connection, as far as it is counted. */
interface Countable {
  once(event: "close", listener: () => void): unknown;
}

/** How long one waits who comes when all places are taken. */
const fullMs = 10_000;

/** Counts connections: all of them, and those of each address where that is asked for. */
export class ConnectionLimit {
  readonly #most: number;
  readonly #addresses: AddressLimit | undefined;
  readonly #logger: Logger;
  #open = 0;
  #hasComplained = false;

  constructor(most: number, addresses: AddressLimit | undefined, logger: Logger) {
    this.#most = most;
    this.#addresses = addresses;
    this.#logger = logger;
  }

  /** Why a connection cannot be opened now; undefined when it can. */
  refusal(request: IncomingMessage): ChatError | undefined {
    if (this.#open >= this.#most) {
      this.#complain();
      return new ChatError("unavailable", "unable to connect; the server has as many connections as it takes", { retryAfterMs: fullMs });
    }
    const waitMs = this.#addresses?.take(request) ?? 0;
    return waitMs > 0 ? new ChatError("rate-limited", "unable to connect; this address has opened too many connections", { retryAfterMs: waitMs }) : undefined;
  }

  /** Counts a connection until it ends. False when it is one too many after all: others opened while it did. */
  hold(request: IncomingMessage, connection: Countable): boolean {
    this.#open += 1;
    connection.once("close", () => (this.#open -= 1));
    this.#addresses?.hold(request, connection);
    return this.#open <= this.#most;
  }

  /** Said once: a flood would fill the log. */
  #complain(): void {
    if (this.#hasComplained) return;
    this.#hasComplained = true;
    this.#logger.warn({ connections: this.#most }, "refused a connection; there are as many as `connections.total` allows. If these are visitors, raise it or add a server");
  }
}
