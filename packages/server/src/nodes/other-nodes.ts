import type { Clock } from "../clock.js";

/** How long a node is believed to live after its last word. */
export const leaseMs = 15_000;
/** How long all may be silent before the way between nodes is taken for broken; two probes and a little. */
const silenceMs = 12_000;
/** How long a broken way is believed in; who has not come back by then is gone. */
const hopeMs = 3_600_000;

interface OtherNode {
  heardAt: number;
  number: number;
}

interface OtherNodesOptions {
  clock: Clock;
  /** A node went, with or without a goodbye. */
  onLost(nodeId: string): void;
  /** Nobody is heard any more, or somebody is again. */
  onSilence(isSilent: boolean): void;
  /** Something of a node was lost on the way. */
  onGap(): void;
}

/** Who else serves this chat, by what is heard of them. */
export class OtherNodes {
  readonly #options: OtherNodesOptions;
  readonly #nodes = new Map<string, OtherNode>();
  #heardAt: number;
  #isSilent = false;
  #lost = 0;

  constructor(options: OtherNodesOptions) {
    this.#options = options;
    this.#heardAt = options.clock.now();
  }

  get count(): number {
    return this.#nodes.size;
  }

  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Envelopes that others sent and that had not come when a later one did. */
  get lost(): number {
    return this.#lost;
  }

  /** Notes an envelope. */
  heard(nodeId: string, number: number): void {
    const now = this.#options.clock.now();
    const known = this.#nodes.get(nodeId);
    this.#nodes.set(nodeId, { heardAt: now, number: Math.max(number, known?.number ?? 0) });
    this.#heardAt = now;
    this.#setSilent(false);
    if (known === undefined || number <= known.number + 1) return;
    this.#lost += number - known.number - 1;
    this.#options.onGap();
  }

  /** A node says that it goes. Those who stay are no reason to doubt the way between them. */
  left(nodeId: string): void {
    if (this.#nodes.delete(nodeId)) this.#options.onLost(nodeId);
  }

  /** To be called every few seconds. */
  check(): void {
    const now = this.#options.clock.now();
    const silentMs = now - this.#heardAt;
    if (this.#nodes.size > 0 && silentMs > silenceMs) this.#setSilent(true);
    for (const [nodeId, { heardAt }] of this.#nodes) if (now - heardAt > leaseMs) this.left(nodeId);
    if (silentMs > hopeMs) this.#setSilent(false);
  }

  #setSilent(isSilent: boolean): void {
    if (this.#isSilent === isSilent) return;
    this.#isSilent = isSilent;
    this.#options.onSilence(isSilent);
  }
}
