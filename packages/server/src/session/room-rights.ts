import type { Clock, Timer } from "../clock.js";

/** How long after a right is lost its loss shows at the latest, to someone who only listens. */
const intervalMs = 60_000;

interface RoomRightsOptions {
  clock: Clock;
  /** The rooms the user has open. */
  rooms: ReadonlySet<string>;
  mayJoin(roomId: string): Promise<boolean>;
  /** The user may not be in one of the rooms any more. */
  onLost(): void;
}

/** Asks again and again whether a user may still be in the rooms they have open: someone who only listens is asked nothing else. */
export class RoomRights {
  readonly #options: RoomRightsOptions;
  #timer: Timer | undefined;
  #isOver = false;

  constructor(options: RoomRightsOptions) {
    this.#options = options;
  }

  /** Asks every minute from now on. */
  watch(): void {
    this.#timer = this.#options.clock.setTimeout(() => void this.#checkAndWatch(), intervalMs);
  }

  /** Asks now. */
  async check(): Promise<void> {
    const { rooms, mayJoin, onLost } = this.#options;
    for (const roomId of rooms) {
      if ((await mayJoin(roomId)) || !rooms.has(roomId) || this.#isOver) continue;
      return onLost();
    }
  }

  end(): void {
    this.#isOver = true;
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
  }

  async #checkAndWatch(): Promise<void> {
    await this.check();
    if (!this.#isOver) this.watch();
  }
}
