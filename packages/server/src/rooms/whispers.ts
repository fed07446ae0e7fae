import type { Whisper } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import type { Tell } from "../nodes/node-message.js";
import { Delayed } from "./delayed.js";
import type { Publish } from "./publish.js";

/** What falls into this window travels together, of each user and name the last. */
const coalesceMs = 50;
/** Bytes of one frame, about. What does not fit goes with the next. */
const frameBytes = 65_536;
/** Users and names that may wait for a frame; whispers of others are lost. */
const mostWaiting = 1_000;

interface WhispersOptions {
  roomId: string;
  publish: Publish;
  tell: Tell;
  clock: Clock;
}

/** The application's events that are only true now: told to everyone here, and to the other nodes. */
export class Whispers {
  readonly #options: WhispersOptions;
  readonly #flush: Delayed;
  readonly #waiting = new Map<string, { whisper: Whisper; isOfHere: boolean }>();

  constructor(options: WhispersOptions) {
    this.#options = options;
    this.#flush = new Delayed(options.clock, coalesceMs, () => this.#tell());
  }

  whisper(whisper: Whisper): void {
    this.#take(whisper, true);
  }

  /** Takes the word of another node. */
  hear(whispers: readonly Whisper[]): void {
    for (const whisper of whispers) this.#take(whisper, false);
  }

  close(): void {
    this.#flush.cancel();
    this.#waiting.clear();
  }

  #take(whisper: Whisper, isOfHere: boolean): void {
    const key = `${whisper.name} ${whisper.author.id}`;
    if (!this.#waiting.delete(key) && this.#waiting.size >= mostWaiting) return;
    this.#waiting.set(key, { whisper, isOfHere });
    this.#flush.request();
  }

  #tell(): void {
    const { roomId, publish, tell } = this.#options;
    const frame: { whisper: Whisper; isOfHere: boolean }[] = [];
    let bytes = 0;
    for (const [key, waiting] of this.#waiting) {
      bytes += JSON.stringify(waiting.whisper).length;
      if (frame.length > 0 && bytes > frameBytes) break;
      this.#waiting.delete(key);
      frame.push(waiting);
    }
    const ofHere = frame.filter(({ isOfHere }) => isOfHere).map(({ whisper }) => whisper);
    if (ofHere.length > 0) tell({ kind: "whispers", roomId, whispers: ofHere });
    publish(roomId, "event:whispered", { roomId, whispers: frame.map(({ whisper }) => whisper) });
    if (this.#waiting.size > 0) this.#flush.request();
  }
}
