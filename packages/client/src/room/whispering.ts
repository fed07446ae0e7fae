import { Alarm, type Clock } from "../clock.js";

/** How often each name is whispered at most. */
const throttleMs = 100;

/** What is whispered of each name: at once, and while it changes quickly, now and then the last. */
export class Whispering {
  readonly #clock: Clock;
  readonly #say: (name: string, data: unknown) => void;
  readonly #names = new Map<string, { pause: Alarm; next: { data: unknown } | undefined }>();

  constructor(clock: Clock, say: (name: string, data: unknown) => void) {
    this.#clock = clock;
    this.#say = say;
  }

  say(name: string, data: unknown): void {
    const known = this.#names.get(name) ?? { pause: new Alarm(this.#clock, () => this.#goOn(name)), next: undefined };
    this.#names.set(name, known);
    known.next = { data };
    if (!known.pause.isSet) this.#goOn(name);
  }

  #goOn(name: string): void {
    const known = this.#names.get(name);
    if (known?.next === undefined) return;
    this.#say(name, known.next.data);
    known.next = undefined;
    known.pause.set(throttleMs);
  }
}
