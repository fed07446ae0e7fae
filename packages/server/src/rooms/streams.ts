import { type MessageStreaming, type StreamPart, streamTiming, withPart } from "@chat-widget/protocol";
import type * as z from "zod/mini";
import type { Clock, Timer } from "../clock.js";
import type { Tell } from "../nodes/node-message.js";
import { fitting } from "./answer-size.js";
import { Delayed } from "./delayed.js";
import type { Publish } from "./publish.js";

/** What is written within this window travels together. */
const coalesceMs = 80;
/** How long the other nodes are not asked again for the beginnings of what they write. */
const patienceMs = 1_000;

/** What is known of a message before its first word. */
export type StreamStart = Omit<StreamPart, "offset" | "text" | "isGivenUp">;

type Parts = z.infer<typeof MessageStreaming>["parts"];

interface StreamsOptions {
  roomId: string;
  publish: Publish;
  tell: Tell;
  clock: Clock;
}

/** The messages that are being written in a room, on whatever node: everyone is told what was added, and who missed some of it can ask for all. */
export class Streams {
  readonly #options: StreamsOptions;
  readonly #flush: Delayed;
  readonly #repeat: Delayed;
  readonly #ask: Delayed;
  readonly #here = new Map<string, { start: StreamStart; text: string; told: number }>();
  readonly #elsewhere = new Map<string, { start: StreamStart; text: string; expiry: Timer }>();

  constructor(options: StreamsOptions) {
    const { clock, roomId, tell } = options;
    this.#options = options;
    this.#flush = new Delayed(clock, coalesceMs, () => this.#tell(this.#news()));
    this.#repeat = new Delayed(clock, streamTiming.repeatMs, () => this.#sayHere());
    this.#ask = new Delayed(clock, patienceMs, () => tell({ kind: "streams-wanted", roomId }));
  }

  /** How many are being written on this node. */
  get here(): number {
    return this.#here.size;
  }

  begin(start: StreamStart): void {
    this.#here.set(start.id, { start, text: "", told: 0 });
    this.#repeat.request();
  }

  write(id: string, delta: string): void {
    const stream = this.#here.get(id);
    if (stream === undefined) return;
    stream.text += delta;
    this.#flush.request();
  }

  /** The message is in the log, and takes the place of what was told. */
  stored(id: string): void {
    this.#here.delete(id);
  }

  /** No message comes of it. */
  giveUp(id: string): void {
    const stream = this.#here.get(id);
    if (!this.#here.delete(id) || stream === undefined) return;
    this.#tell([{ ...partOf(stream.start, 0, ""), isGivenUp: true }]);
  }

  /** All of it, as far as it fits into one answer. */
  read(): Parts {
    return fitting([...this.#here.values(), ...this.#elsewhere.values()].map(({ start, text }) => partOf(start, 0, text)), 0);
  }

  /** Takes the word of another node. */
  hear(parts: Parts): void {
    for (const part of parts) this.#take(part);
    const { roomId, publish } = this.#options;
    publish(roomId, "message:streaming", { roomId, parts });
  }

  /** Tells the other nodes what is being written here, from the beginning. */
  tellNodes(): void {
    if (this.#here.size > 0) this.#options.tell({ kind: "streams", roomId: this.#options.roomId, parts: [...this.#here.values()].map(({ start, text }) => partOf(start, 0, text)) });
  }

  close(): void {
    for (const delayed of [this.#flush, this.#repeat, this.#ask]) delayed.cancel();
    for (const { expiry } of this.#elsewhere.values()) this.#options.clock.clearTimeout(expiry);
    this.#elsewhere.clear();
  }

  #take(part: StreamPart): void {
    const { id, offset: _offset, text: _text, isGivenUp, ...rest } = part;
    const known = this.#elsewhere.get(id);
    if (known !== undefined) this.#options.clock.clearTimeout(known.expiry);
    this.#elsewhere.delete(id);
    const text = withPart(known?.text ?? "", part);
    if (text === undefined) this.#ask.request();
    if (isGivenUp === true || text === undefined) return;
    const expiry = this.#options.clock.setTimeout(() => this.#elsewhere.delete(id), streamTiming.expiryMs);
    this.#elsewhere.set(id, { start: { id, ...rest }, text, expiry });
  }

  /** What was written since it was told; half a character waits for its other half. */
  #news(): Parts {
    const parts: Parts = [];
    for (const stream of this.#here.values()) {
      const end = /[\uD800-\uDBFF]$/.test(stream.text) ? stream.text.length - 1 : stream.text.length;
      if (end <= stream.told) continue;
      parts.push(partOf(stream.start, stream.told, stream.text.slice(stream.told, end)));
      stream.told = end;
    }
    return parts;
  }

  #sayHere(): void {
    if (this.#here.size === 0) return;
    this.#tell([...this.#here.values()].map(({ start, told }) => partOf(start, told, "")));
    this.#repeat.request();
  }

  #tell(parts: Parts): void {
    if (parts.length === 0) return;
    const { roomId, publish, tell } = this.#options;
    tell({ kind: "streams", roomId, parts });
    publish(roomId, "message:streaming", { roomId, parts });
  }
}

function partOf(start: StreamStart, offset: number, text: string): StreamPart {
  return { ...start, offset, text };
}
