import type { Logger } from "./logger.js";
import type { Ground } from "./open-ground.js";
import type { StoreIdentity } from "./stores/chat-store.js";
import type { StoreOpening } from "./stores/store-opening.js";

interface StandingGroundOptions {
  logger: Logger;
  /** Begins to open the store. */
  open(): StoreOpening;
  /** Builds what stands on the store, as it is now. */
  build(identity: StoreIdentity): Ground;
  /** Sends everybody away who was told something of the store as it was. */
  sendAway(): void;
}

/**
 * The ground that stands on the store as it is now. When the store is replaced, everything that was known of it is let go
 * of at once, before anybody is told a word of the new one, and a new ground is built as if the server had just started.
 */
export class StandingGround {
  /** Settles as the first try to open the store does. */
  readonly ready: Promise<void>;
  readonly #options: StandingGroundOptions;
  #opening: StoreOpening;
  #ground: Promise<Ground>;
  #current: Ground | undefined;
  #isOver = false;

  constructor(options: StandingGroundOptions) {
    this.#options = options;
    [this.#opening, this.#ground] = this.#begin();
    this.ready = this.#opening.firstTry;
  }

  /** The ground, while the store is open. */
  get current(): Ground | undefined {
    return this.#current;
  }

  /** The ground once the store is open. Rejects only when it is given up. */
  get opened(): Promise<Ground> {
    return this.#ground;
  }

  /** The ground, if the store is open soon. @throws {ChatError} `unavailable` */
  wait(): Promise<Ground> {
    return this.#opening.wait(this.#ground);
  }

  /** Opens the store no more. */
  giveUp(): void {
    this.#isOver = true;
    this.#opening.giveUp();
  }

  #begin(): [StoreOpening, Promise<Ground>] {
    const opening = this.#options.open();
    const ground = opening.opened.then((identity) => this.#build(identity));
    // Whoever asks is told.
    ground.catch(() => undefined);
    return [opening, ground];
  }

  #build(identity: StoreIdentity): Ground {
    const ground = this.#options.build(identity);
    this.#current = ground;
    identity.replaced?.addEventListener("abort", () => this.#replace(ground), { once: true });
    return ground;
  }

  #replace(former: Ground): void {
    if (this.#isOver) return;
    this.#options.logger.warn({}, "the store is another one than it was: its database failed over, or was restored; everybody reads anew what it has, and what it has not is lost");
    this.#options.sendAway();
    this.#current = undefined;
    former.nodes.close();
    void former.close();
    [this.#opening, this.#ground] = this.#begin();
  }
}
