import type { Clock, Timer } from "../clock.js";
import type { Logger } from "../logger.js";
import { Bus, type Wire } from "./bus.js";
import type { NodeMessage, Tell } from "./node-message.js";
import { OtherNodes } from "./other-nodes.js";

/** How the nodes of a chat hear of each other. */
export interface NodesStatus {
  /**
   * `none`: there is no adapter, this is the only node. `alone`: there is one, and no other node is heard. `live`: others
   * are heard. `silent`: others were heard and are not any more, so that the store is asked twice a second for what they wrote.
   */
  bus: "none" | "alone" | "live" | "silent";
  /** Other nodes that were heard in the last 15 seconds. */
  otherNodes: number;
  /** What other nodes said and was lost on the way, as packets. */
  lostPackets: number;
}

/** What is done with what other nodes say. */
export interface NodeListener {
  hear(nodeId: string, message: NodeMessage): void;
  /** A node is gone, and whoever was there with it. */
  lost(nodeId: string): void;
  /** Something may have been missed. */
  missed(): void;
  /** The rooms that somebody has open here and the versions of their people. */
  openRooms(): [roomId: string, version: number][];
}

const probeMs = 5_000;
/** How often each kind of trouble is logged at most. */
const complaintMs = 60_000;
const pollMs = { none: 8_000, live: 5_000, silent: 500 } as const;

interface NodesOptions {
  /** Undefined when there are no other nodes. */
  wire: Wire | undefined;
  epoch: string;
  clock: Clock;
  random: () => number;
  logger: Logger;
}

/** This node among the others of its chat: tells them, hears them, and notices when it does not. */
export class Nodes {
  readonly #options: NodesOptions;
  readonly #bus: Bus | undefined;
  readonly #others: OtherNodes;
  readonly #complainedAt = new Map<string, number>();
  #listener: NodeListener | undefined;
  #probe: Timer | undefined;

  constructor(options: NodesOptions) {
    this.#options = options;
    const { wire, epoch, clock } = options;
    this.#others = new OtherNodes({
      clock,
      onLost: (nodeId) => this.#listener?.lost(nodeId),
      onSilence: (isSilent) => this.#onSilence(isSilent),
      onGap: () => this.#listener?.missed(),
    });
    if (wire === undefined) return;
    this.#bus = new Bus({ wire, epoch, clock, hear: (...heard) => this.#hear(...heard), complain: (...trouble) => this.#complain(...trouble) });
  }

  /** From now on the others are heard and told that this node is here. */
  start(listener: NodeListener): void {
    this.#listener = listener;
    if (this.#bus !== undefined) this.#sayHere();
  }

  /** Tells the others. */
  readonly tell: Tell = (message) => this.#bus?.tell(message);

  /** How long to wait before the store is asked for what nobody told. */
  pollMs(): number {
    if (this.#bus === undefined) return pollMs.none;
    if (this.#others.isSilent) return pollMs.silent;
    // So that the nodes do not ask all at once.
    return pollMs.live * (0.8 + 0.4 * this.#options.random());
  }

  status(): NodesStatus {
    const { count, isSilent, lost } = this.#others;
    const heard = count > 0 ? "live" : "alone";
    return { bus: this.#bus === undefined ? "none" : isSilent ? "silent" : heard, otherNodes: count, lostPackets: lost };
  }

  /** Says goodbye. */
  close(): void {
    if (this.#probe !== undefined) this.#options.clock.clearTimeout(this.#probe);
    this.#listener = undefined;
    this.tell({ kind: "goodbye" });
    this.#bus?.close();
  }

  #sayHere(): void {
    this.#others.check();
    this.tell({ kind: "probe", rooms: this.#listener?.openRooms() ?? [] });
    this.#probe = this.#options.clock.setTimeout(() => this.#sayHere(), probeMs);
  }

  #hear(nodeId: string, number: number, messages: readonly NodeMessage[]): void {
    this.#others.heard(nodeId, number);
    for (const message of messages) {
      const isForOthers = message.kind === "people-wanted" && message.of !== undefined && message.of !== this.#bus?.nodeId;
      if (isForOthers) continue;
      if (message.kind === "goodbye") this.#others.left(nodeId);
      else this.#listener?.hear(nodeId, message);
    }
  }

  #onSilence(isSilent: boolean): void {
    const { logger } = this.#options;
    if (this.#bus !== undefined) this.#bus.isQuiet = isSilent;
    if (isSilent) logger.warn({}, "no other node is heard any more; until one is, the store is asked twice a second for what they write. Is the adapter's broker reachable?");
    else logger.info({}, "the way to the other nodes is not taken for broken any more");
    this.#listener?.missed();
  }

  #complain(what: string, error: unknown): void {
    const now = this.#options.clock.now();
    if (now - (this.#complainedAt.get(what) ?? -Infinity) < complaintMs) return;
    this.#complainedAt.set(what, now);
    this.#options.logger.warn({ ...(error !== undefined && { err: error }) }, what);
  }
}
