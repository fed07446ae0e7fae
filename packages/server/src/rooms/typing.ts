import { type Profile, signalTiming } from "@chat-widget/protocol";
import type { Clock, Timer } from "../clock.js";
import type { Tell } from "../nodes/node-message.js";
import { Delayed } from "./delayed.js";
import type { Publish } from "./publish.js";

const namedTypists = 5;
/** Changes that fall into this window travel together. */
const coalesceMs = 300;

interface TypingOptions {
  roomId: string;
  publish: Publish;
  tell: Tell;
  clock: Clock;
}

/** Who is typing in a room, on whatever node. Everyone is forgotten a few seconds after their last word of it. */
export class Typing {
  readonly #options: TypingOptions;
  readonly #tell: Delayed;
  readonly #tellNodes: Delayed;
  readonly #typists = new Map<string, { profile: Profile; expiry: Timer }>();
  readonly #elsewhere = new Map<string, { users: readonly Profile[]; count: number; expiry: Timer }>();

  constructor(options: TypingOptions) {
    this.#options = options;
    this.#tell = new Delayed(options.clock, coalesceMs, () => this.#flush());
    this.#tellNodes = new Delayed(options.clock, signalTiming.coalesceMs, () => this.#flushToNodes());
  }

  /** Notes that someone types; to be repeated while they do. */
  start(profile: Profile): void {
    const { clock } = this.#options;
    const known = this.#typists.get(profile.id);
    if (known !== undefined) clock.clearTimeout(known.expiry);
    const expiry = clock.setTimeout(() => this.stop(profile.id), signalTiming.typingExpiryMs);
    this.#typists.set(profile.id, { profile, expiry });
    // Told again at every repetition: receivers forget a typist they hear no more of.
    this.#tell.request();
    this.#tellNodes.request();
  }

  stop(userId: string): void {
    const known = this.#typists.get(userId);
    if (known === undefined) return;
    this.#options.clock.clearTimeout(known.expiry);
    this.#typists.delete(userId);
    this.#tell.request();
    this.#tellNodes.request();
  }

  /** Takes the word of another node. */
  hear(nodeId: string, { users, count }: { users: readonly Profile[]; count: number }): void {
    this.forget(nodeId);
    if (count === 0) return;
    const expiry = this.#options.clock.setTimeout(() => this.forget(nodeId), signalTiming.typingExpiryMs);
    this.#elsewhere.set(nodeId, { users: users.slice(0, namedTypists), count, expiry });
    this.#tell.request();
  }

  /** Nobody types on another node any more. */
  forget(nodeId: string): void {
    const known = this.#elsewhere.get(nodeId);
    if (known === undefined) return;
    this.#options.clock.clearTimeout(known.expiry);
    this.#elsewhere.delete(nodeId);
    this.#tell.request();
  }

  close(): void {
    for (const { expiry } of [...this.#typists.values(), ...this.#elsewhere.values()]) this.#options.clock.clearTimeout(expiry);
    this.#typists.clear();
    this.#elsewhere.clear();
    this.#tell.cancel();
    if (this.#tellNodes.cancel()) this.#flushToNodes();
  }

  #flush(): void {
    const { roomId, publish } = this.#options;
    const there = [...this.#elsewhere.values()];
    const users = [...this.#namedHere(), ...there.flatMap(({ users }) => users)].slice(0, namedTypists);
    const count = there.reduce((sum, { count }) => sum + count, this.#typists.size);
    publish(roomId, "typing:changed", { roomId, users, count });
  }

  #flushToNodes(): void {
    this.#options.tell({ kind: "typing", roomId: this.#options.roomId, users: this.#namedHere(), count: this.#typists.size });
  }

  #namedHere(): Profile[] {
    return [...this.#typists.values()].slice(0, namedTypists).map(({ profile }) => profile);
  }
}
