import type { IncomingMessage } from "node:http";
import type { Clock } from "../clock.js";
import type { Logger } from "../logger.js";
import { type Rate, TokenBucket } from "../token-bucket.js";
import { clientAddress } from "./client-address.js";

/** What one address may do. */
export interface PerAddress {
  /**
   * How many proxies stand between the internet and this server, each of which adds the address it was asked from to
   * `X-Forwarded-For`; 0 when there is none. Too few, and everybody has one address; too many, and anybody can make one up.
   */
  proxies: number;
  /** Connections open at once; 200 when left out. A school or an office may share one address. */
  connections?: number | undefined;
  /** How often a connection may be opened, which is how often a guest can be made up; `{ burst: 200, perSecond: 5 }` when left out. */
  connect?: Rate | undefined;
  /** How often something may be asked over all of its connections; `{ burst: 2_000, perSecond: 200 }` when left out. */
  commands?: Rate | undefined;
}

/** {@link PerAddress} with every default filled in. */
export type AddressRules = { [N in keyof PerAddress]-?: NonNullable<PerAddress[N]> };

interface Visitor {
  open: number;
  bucket: TokenBucket;
}

/** How long one waits whose address has as many connections as it may. */
const fullMs = 10_000;
/** Addresses above which those that have nothing open and asked for nothing lately are forgotten. */
const sweepSize = 1_000;

/** Counts the connections of each address. */
export class AddressLimit {
  readonly #rules: AddressRules;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #visitors = new Map<string, Visitor>();
  #sweepAt = sweepSize;
  #hasComplained = false;

  constructor(rules: AddressRules, clock: Clock, logger: Logger) {
    this.#rules = rules;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Gives 0 when a connection may be opened, else the milliseconds to wait. */
  take(request: IncomingMessage): number {
    const { open, bucket } = this.#visitorOf(request);
    const waitMs = open >= this.#rules.connections ? fullMs : bucket.take();
    if (waitMs > 0) this.#complain();
    return waitMs;
  }

  /** Counts a connection until it ends. */
  hold(request: IncomingMessage, connection: { once(event: "close", listener: () => void): unknown }): void {
    const visitor = this.#visitorOf(request);
    visitor.open += 1;
    connection.once("close", () => (visitor.open -= 1));
  }

  #visitorOf(request: IncomingMessage): Visitor {
    const address = clientAddress(request, this.#rules.proxies);
    let visitor = this.#visitors.get(address);
    if (visitor === undefined) {
      this.#sweep();
      visitor = { open: 0, bucket: new TokenBucket(this.#rules.connect, this.#clock) };
      this.#visitors.set(address, visitor);
    }
    return visitor;
  }

  #sweep(): void {
    if (this.#visitors.size < this.#sweepAt) return;
    for (const [address, { open, bucket }] of this.#visitors) if (open === 0 && bucket.isFull) this.#visitors.delete(address);
    this.#sweepAt = Math.max(sweepSize, this.#visitors.size * 2);
  }

  /** Said once, and without the address: a flood of them would fill the log. */
  #complain(): void {
    if (this.#hasComplained) return;
    this.#hasComplained = true;
    const { proxies } = this.#rules;
    this.#logger.warn({ proxies }, "refused a connection; its address has opened too many. If these are many visitors, look whether `perAddress.proxies` is right");
  }
}
