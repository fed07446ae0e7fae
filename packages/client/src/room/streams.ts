import { MessageStreaming, streamCommands, streamTiming, withPart, type Message, type StreamPart } from "@chat-widget/protocol";
import { Alarm, type Clock } from "../clock.js";
import type { Logger } from "../logger.js";
import type { ServerLink } from "../server-link.js";

export interface StreamsOptions {
  roomId: string;
  connection: ServerLink;
  clock: Clock;
  logger: Logger;
  /** Whether the log has the message by now. */
  isStored(id: string): boolean;
  onChange(messages: readonly Message[]): void;
}

/** How long a missing part may take to come by itself, as may the answer to asking for it. */
const patienceMs = 500;
/** Later than every message the server has numbered. */
const unnumbered = Number.MAX_SAFE_INTEGER;

/** Messages that grow while they are written. Loaded when the first is heard of. */
export class Streams {
  readonly #options: StreamsOptions;
  readonly #messages = new Map<string, { message: Message; expiry: Alarm }>();
  readonly #ask: Alarm;

  constructor(options: StreamsOptions) {
    this.#options = options;
    this.#ask = new Alarm(options.clock, () => void this.#read());
  }

  /** A signal of the server, unchecked. */
  hear(raw: unknown): void {
    const { logger } = this.#options;
    const signal = MessageStreaming.safeParse(raw);
    if (signal.success) this.#takeAll(signal.data.parts);
    else logger.warn({ name: "message:streaming" }, "left out what the server said; it does not fit the contract");
  }

  /** Somebody else sits here, or nobody any more. */
  clear(): void {
    this.#ask.clear();
    for (const id of this.#messages.keys()) this.#forget(id);
  }

  #takeAll(parts: readonly StreamPart[]): void {
    for (const id of this.#messages.keys()) if (this.#options.isStored(id)) this.#forget(id);
    for (const part of parts) this.#take(part);
    this.#tell();
  }

  #take(part: StreamPart): void {
    const { id, author, startedAt, replyTo } = part;
    if (this.#options.isStored(id)) return;
    if (part.isGivenUp === true) return this.#forget(id);
    const known = this.#messages.get(id);
    const text = withPart(known?.message.text ?? "", part);
    known?.expiry.reset(streamTiming.expiryMs);
    if (text === undefined) return this.#ask.set(patienceMs);
    if (text === known?.message.text || text === "") return;
    const message: Message = { id, seq: unnumbered, rev: 1, sentAt: startedAt, author, text, ...(replyTo !== undefined && { replyTo }), reactions: [] };
    const expiry = known?.expiry ?? new Alarm(this.#options.clock, () => this.#expire(id));
    expiry.reset(streamTiming.expiryMs);
    this.#messages.set(id, { message, expiry });
  }

  async #read(): Promise<void> {
    const { connection, roomId } = this.#options;
    try {
      this.#takeAll((await connection.request("stream:read", { roomId }, streamCommands["stream:read"])).parts);
    } catch {
      // The next part shows again that one is missing.
    }
  }

  #expire(id: string): void {
    this.#forget(id);
    this.#tell();
  }

  #forget(id: string): void {
    this.#messages.get(id)?.expiry.clear();
    this.#messages.delete(id);
  }

  #tell(): void {
    this.#options.onChange([...this.#messages.values()].map(({ message }) => message));
  }
}
