import type { World } from "./world.js";

/** The clock of one process or tab. It can be stopped for a while, as a suspended laptop's is, or for good. */
export class Timers {
  readonly #world: World;
  readonly #skewMs: number;
  readonly #cancels = new Map<number, () => void>();
  #late: (() => void)[] | undefined;
  #isOver = false;
  #next = 1;

  /** `skewMs` is by how much it is wrong. */
  constructor(world: World, skewMs = 0) {
    this.#world = world;
    this.#skewMs = skewMs;
  }

  readonly now = (): number => Math.floor(this.#world.now + this.#skewMs);

  readonly setTimeout = (run: () => void, ms: number): number => {
    const id = this.#next++;
    if (this.#isOver) return id;
    const ring = () => {
      this.#cancels.delete(id);
      this.do(run);
    };
    this.#cancels.set(id, this.#world.after(ms, ring));
    return id;
  };

  readonly clearTimeout = (timer: unknown): void => {
    if (typeof timer !== "number") return;
    this.#cancels.get(timer)?.();
    this.#cancels.delete(timer);
  };

  /** Does something now, or when the process is awake again, or never when it is gone. */
  do(run: () => void): void {
    if (this.#isOver) return;
    if (this.#late === undefined) run();
    else this.#late.push(run);
  }

  freeze(): void {
    this.#late ??= [];
  }

  thaw(): void {
    const late = this.#late ?? [];
    this.#late = undefined;
    for (const run of late) this.do(run);
  }

  /** Nothing of it happens any more. */
  end(): void {
    this.#isOver = true;
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }
}
