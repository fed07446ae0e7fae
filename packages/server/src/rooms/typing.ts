import { type Profile, signalTiming } from "@chat-widget/protocol";
import type { Clock, Timer } from "../clock.js";
import { Delayed } from "./delayed.js";
import type { Publish } from "./publish.js";

const namedTypists = 5;
/** Changes that fall into this window travel together. */
const coalesceMs = 300;

/** Who is typing in a room. Everyone is forgotten a few seconds after their last word of it. */
export class Typing {
  readonly #roomId: string;
  readonly #publish: Publish;
  readonly #clock: Clock;
  readonly #tell: Delayed;
  readonly #typists = new Map<string, { profile: Profile; expiry: Timer }>();

  constructor(roomId: string, publish: Publish, clock: Clock) {
    this.#roomId = roomId;
    this.#publish = publish;
    this.#clock = clock;
    this.#tell = new Delayed(clock, coalesceMs, () => this.#flush());
  }

  /** Notes that someone types; to be repeated while they do. */
  start(profile: Profile): void {
    const known = this.#typists.get(profile.id);
    if (known !== undefined) this.#clock.clearTimeout(known.expiry);
    const expiry = this.#clock.setTimeout(() => this.stop(profile.id), signalTiming.typingExpiryMs);
    this.#typists.set(profile.id, { profile, expiry });
    // Told again at every repetition: receivers forget a typist they hear no more of.
    this.#tell.request();
  }

  stop(userId: string): void {
    const known = this.#typists.get(userId);
    if (known === undefined) return;
    this.#clock.clearTimeout(known.expiry);
    this.#typists.delete(userId);
    this.#tell.request();
  }

  close(): void {
    for (const { expiry } of this.#typists.values()) this.#clock.clearTimeout(expiry);
    this.#typists.clear();
    this.#tell.cancel();
  }

  #flush(): void {
    const users = [...this.#typists.values()].slice(0, namedTypists).map(({ profile }) => profile);
    this.#publish(this.#roomId, "typing:changed", { roomId: this.#roomId, users, count: this.#typists.size });
  }
}
