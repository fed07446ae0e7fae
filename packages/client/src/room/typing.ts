import { signalTiming, type Profile } from "@chat-widget/protocol";
import { Alarm, type Clock } from "../clock.js";

/** My whisper, not too often, and theirs, not too long. */
export class Typing {
  #users: readonly Profile[] = [];
  #count = 0;
  #saidAt: number | undefined;
  readonly #clock: Clock;
  readonly #say: (isTyping: boolean) => void;
  readonly #forget: Alarm;
  readonly #fallSilent: Alarm;

  constructor(clock: Clock, say: (isTyping: boolean) => void, onChange: () => void) {
    this.#clock = clock;
    this.#say = say;
    this.#forget = new Alarm(clock, () => {
      this.#take([], 0);
      onChange();
    });
    this.#fallSilent = new Alarm(clock, () => this.set(false));
  }

  /** Others who are typing: some by name, and how many. */
  others(myId: string | undefined): { users: readonly Profile[]; count: number } {
    const users = this.#users.filter(({ id }) => id !== myId);
    return { users, count: this.#count - (this.#users.length - users.length) };
  }

  hear(users: readonly Profile[], count: number): void {
    this.#take(users, count);
    if (count > 0) this.#forget.reset(signalTiming.typingExpiryMs);
    else this.#forget.clear();
  }

  set(isTyping: boolean): void {
    const now = this.#clock.now();
    if (!isTyping) {
      this.#fallSilent.clear();
      if (this.#saidAt !== undefined) this.#say(false);
      this.#saidAt = undefined;
      return;
    }
    this.#fallSilent.reset(signalTiming.typingExpiryMs);
    // A clock that was set back says nothing about how long ago that was.
    if (this.#saidAt !== undefined && Math.abs(now - this.#saidAt) < signalTiming.typingThrottleMs) return;
    this.#saidAt = now;
    this.#say(true);
  }

  /** Sending ends typing; the server knows by itself. */
  sent(): void {
    this.#fallSilent.clear();
    this.#saidAt = undefined;
  }

  close(): void {
    this.#forget.clear();
    this.#fallSilent.clear();
  }

  #take(users: readonly Profile[], count: number): void {
    this.#users = users;
    this.#count = count;
  }
}
