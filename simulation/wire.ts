import type { World } from "./world.js";

/** One end of a wire. */
export interface End {
  /** A frame has come. */
  hear(frame: string): void;
  /** The other side, or the network, has ended it. */
  lose(): void;
}

/** What the network does to what it carries. */
export interface Weather {
  minDelayMs: number;
  maxDelayMs: number;
  /** Whether connections break when something is written, before or after it is stored. */
  breaksOnWrites: boolean;
}

/** A connection between a tab and a node: frames arrive late and in order, until it is cut or falls silent. */
export class Wire {
  readonly #world: World;
  readonly #weather: Weather;
  readonly #ends: [tab: End, node: End];
  readonly #busyUntil: [number, number] = [0, 0];
  readonly #isSilent: [boolean, boolean] = [false, false];
  #isCut = false;

  constructor(world: World, weather: Weather, tab: End, node: End) {
    this.#world = world;
    this.#weather = weather;
    this.#ends = [tab, node];
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  toTab(frame: string): void {
    this.#carry(0, (end) => end.hear(frame));
  }

  toNode(frame: string): void {
    if (this.#weather.breaksOnWrites && frame.includes('"room:write"')) this.#world.after(this.#world.between(0, 250), () => this.cut());
    this.#carry(1, (end) => end.hear(frame));
  }

  /** The tab's side says goodbye: what it sent before still arrives. */
  closeFromTab(): void {
    this.#carry(1, (end) => this.#lose(end));
  }

  closeFromNode(): void {
    this.#carry(0, (end) => this.#lose(end));
  }

  /** Ends it for both; what is on its way is lost. */
  cut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    for (const end of this.#ends) this.#world.after(this.#delay(), () => end.lose());
  }

  /** From now on nothing arrives in a direction and nobody is told. */
  silence(towards: "tab" | "node"): void {
    this.#isSilent[towards === "tab" ? 0 : 1] = true;
  }

  #carry(direction: 0 | 1, deliver: (end: End) => void): void {
    if (this.#isCut || this.#isSilent[direction]) return;
    const at = Math.max(this.#busyUntil[direction], this.#world.now + this.#delay());
    this.#busyUntil[direction] = at;
    this.#world.after(at - this.#world.now, () => {
      if (!this.#isCut && !this.#isSilent[direction]) deliver(this.#ends[direction]);
    });
  }

  #lose(end: End): void {
    this.#isCut = true;
    end.lose();
  }

  #delay(): number {
    return this.#world.between(this.#weather.minDelayMs, this.#weather.maxDelayMs);
  }
}
