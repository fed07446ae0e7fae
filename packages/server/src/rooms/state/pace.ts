import type { WireEvent } from "@chat-widget/protocol";
import type { Clock } from "../../clock.js";
import type { ChatStore } from "../../stores/chat-store.js";
import { isKnown } from "../feed/scrub.js";

/** How far back a room is read for who wrote last. A room in slow mode has few messages in a short time. */
const readMessages = 200;
/** People whose last message is remembered. */
const rememberedWriters = 10_000;

interface Sent {
  at: number;
  /** The id of the message. */
  id: string;
}

interface PaceOptions {
  roomId: string;
  store: ChatStore;
  clock: Clock;
  /** Whether this node follows the room's log, so that it hears of every message. */
  isFollowed(): boolean;
}

/**
 * When each person wrote last in a room, for slow mode. The log says it: it is read once, when the first writes in slow
 * mode, and followed from then on, whatever node a message comes by. Two messages of one person that reach two nodes
 * within the time that a message takes between them are not told apart.
 */
export class Pace {
  readonly #options: PaceOptions;
  readonly #sent = new Map<string, Sent>();
  /** The one reading of the log; undefined before it, and when messages may have been missed since. */
  #reading: Promise<void> | undefined;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** Gives 0 and counts the message when somebody may write now, else the milliseconds to wait. The same message may always be asked again. */
  async take(userId: string, id: string, slowModeMs: number): Promise<number> {
    if (slowModeMs === 0) return 0;
    const { clock, isFollowed } = this.#options;
    if (!isFollowed()) this.forget();
    await (this.#reading ??= this.#read());
    const last = this.#sent.get(userId);
    const now = clock.now();
    if (last !== undefined && last.id !== id && last.at + slowModeMs > now) return last.at + slowModeMs - now;
    this.#note(userId, { at: now, id });
    return 0;
  }

  /** Follows the log. */
  apply(run: readonly WireEvent[]): void {
    if (this.#reading === undefined) return;
    for (const event of run) if (isKnown(event) && event.type === "message.sent") this.#note(event.author.id, event);
  }

  /** Lets go of what it remembers: messages may have been missed. */
  forget(): void {
    this.#reading = undefined;
    this.#sent.clear();
  }

  async #read(): Promise<void> {
    try {
      const { messages } = await this.#options.store.messages(this.#options.roomId, { limit: readMessages });
      for (const { author, sentAt, id } of messages) this.#note(author.id, { at: sentAt, id });
    } catch (error) {
      this.#reading = undefined;
      throw error;
    }
  }

  #note(userId: string, { at, id }: Sent): void {
    const known = this.#sent.get(userId);
    if (known !== undefined && known.at > at) return;
    this.#sent.delete(userId);
    this.#sent.set(userId, { at, id });
    const [first] = this.#sent.keys();
    if (this.#sent.size > rememberedWriters && first !== undefined) this.#sent.delete(first);
  }
}
