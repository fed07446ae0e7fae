import { ChatError, type Message, Text } from "@chat-widget/protocol";
import type { Clock, Timer } from "./clock.js";

/** A message that grows while everyone reads it. */
export interface MessageStream {
  /** The id that the message will have; another one when somebody else used this one meanwhile, to be in the way. */
  readonly id: string;
  /** What is written of it. */
  readonly text: string;
  /** Adds to it. @throws {ChatError} `too-large` when there is no room for it, `conflict` when the message is ended or given up */
  write(delta: string): void;
  /** Stores it as a message like any other. When that fails it goes on as it was, and may be ended again. @throws {ChatError} `invalid` when nothing to see was written */
  end(): Promise<Message>;
  /** Stores what is written as it stands, with a reason below it in words for its readers. Without either it is given up, and there is no message. */
  fail(reason?: string): Promise<Message | undefined>;
  /** Takes it back: it vanishes from all screens, and nothing is stored. */
  giveUp(): void;
}

interface GrowingOptions {
  id: string;
  /** Bytes that the text may have. */
  textBytes: number;
  clock: Clock;
  /** Tells everyone what was added. */
  tell(delta: string): void;
  store(text: string): Promise<Message>;
  /** Nothing follows: the message is stored, or nothing comes of it. */
  onOver(message: Message | undefined): void;
}

/** A message of which nothing was written for so long is stored as it stands. */
const idleMs = 60_000;

/** A message that the application writes, until it is stored or given up. */
export class GrowingMessage implements MessageStream {
  readonly id: string;
  readonly #options: GrowingOptions;
  #text = "";
  #bytes = 0;
  #state: "open" | "ending" | "over" = "open";
  #ending: Promise<Message> | undefined;
  #idle: Timer;

  constructor(options: GrowingOptions) {
    this.id = options.id;
    this.#options = options;
    this.#idle = this.#watch();
  }

  get text(): string {
    return this.#text;
  }

  write(delta: string): void {
    const { clock, textBytes, tell } = this.#options;
    if (this.#state !== "open") throw over("write to it");
    const bytes = this.#bytes + Buffer.byteLength(delta);
    if (bytes > textBytes) throw new ChatError("too-large", `unable to write on; the text would have more than ${textBytes} bytes`, { details: { limit: textBytes } });
    clock.clearTimeout(this.#idle);
    this.#idle = this.#watch();
    this.#text += delta;
    this.#bytes = bytes;
    tell(delta);
  }

  async end(): Promise<Message> {
    if (this.#state === "over") throw over("end it");
    if (!hasSomething(this.#text)) {
      this.giveUp();
      throw new ChatError("invalid", "unable to end the message; nothing was written");
    }
    return this.#store(this.#text);
  }

  async fail(reason?: string): Promise<Message | undefined> {
    if (this.#state !== "open") return this.#ending;
    const full = [this.#text, reason].filter((part) => part !== undefined && hasSomething(part)).join("\n\n");
    const text = Buffer.byteLength(full) > this.#options.textBytes ? this.#text : full;
    if (text !== "") return this.#store(text);
    this.giveUp();
    return undefined;
  }

  giveUp(): void {
    if (this.#state === "open") this.#finish(undefined);
  }

  #store(text: string): Promise<Message> {
    this.#state = "ending";
    return (this.#ending ??= this.#options.store(text).then(
      (message) => {
        this.#finish(message);
        return message;
      },
      (error: unknown) => {
        this.#state = "open";
        this.#ending = undefined;
        throw error;
      },
    ));
  }

  #finish(message: Message | undefined): void {
    this.#state = "over";
    this.#options.clock.clearTimeout(this.#idle);
    this.#options.onOver(message);
  }

  #watch(): Timer {
    return this.#options.clock.setTimeout(() => {
      // A store that cannot take it then has had its minute.
      this.fail().catch(() => this.giveUp());
    }, idleMs);
  }
}

function hasSomething(text: string): boolean {
  return Text.safeParse(text).success;
}

function over(what: string): ChatError {
  return new ChatError("conflict", `unable to ${what}; the message is ended or given up`);
}
