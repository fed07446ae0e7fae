import { randomUUID } from "node:crypto";
import type { Clock, Timer } from "../clock.js";
import type { Report } from "../logger.js";
import type { Append, ChatStore } from "../stores/chat-store.js";
import { Delivery } from "./delivery.js";
import { markedRooms, marking } from "./pending.js";
import type { Webhook } from "./webhook.js";

/** How often rooms are looked for that another node, or this one before it was started again, left untold. */
const lookMs = 5_000;
/** Rooms that one webhook is told of at a time. */
const mostAtOnce = 8;

export interface WebhooksOptions {
  webhooks: readonly Webhook[];
  store: ChatStore;
  epoch: string;
  clock: Clock;
  random: () => number;
  report: Report;
}

/** Rooms that one webhook is to be told of, a few at a time, each by one at a time. */
class Line {
  readonly delivery: Delivery;
  readonly #report: Report;
  readonly #waiting = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  #isOver = false;

  constructor(delivery: Delivery, report: Report) {
    this.delivery = delivery;
    this.#report = report;
  }

  add(roomId: string): void {
    this.#waiting.add(roomId);
    this.#start();
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#running.values());
  }

  #start(): void {
    for (const roomId of this.#waiting) {
      if (this.#isOver || this.#running.size >= mostAtOnce) return;
      // What it is told of now may be over before what it is added for; then it is done again.
      if (this.#running.has(roomId)) continue;
      this.#waiting.delete(roomId);
      this.#running.set(roomId, this.#run(roomId));
    }
  }

  async #run(roomId: string): Promise<void> {
    try {
      await this.delivery.run(roomId);
    } catch (error) {
      this.#report(error, `unable to tell the webhook ${this.delivery.name}; it is tried again`);
    }
    this.#running.delete(roomId);
    this.#start();
  }
}

/** Tells the application's webhooks what happens in rooms. What is committed is told, also after a crash and by any node. */
export class Webhooks {
  /** The store that marks what it commits as to be told. */
  readonly store: ChatStore;
  readonly #options: WebhooksOptions;
  readonly #lines: readonly Line[];
  readonly #ending = new AbortController();
  #timer: Timer | undefined;

  constructor(options: WebhooksOptions) {
    const { webhooks, report, store } = options;
    const signal = this.#ending.signal;
    const nodeId = randomUUID();
    this.#options = options;
    this.#lines = webhooks.map((webhook) => new Line(new Delivery(webhook, { ...options, nodeId, signal }), report));
    this.store = { ...store, append: (roomId, appends) => this.#append(roomId, appends) };
    this.#look();
  }

  /** Tells what happened in a room. */
  tell(roomId: string): void {
    for (const line of this.#lines) line.add(roomId);
  }

  /** Stops what is being told; the next server goes on with it. */
  async close(): Promise<void> {
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
    this.#ending.abort();
    await Promise.all(this.#lines.map((line) => line.end()));
  }

  async #append(roomId: string, appends: readonly Append[]): ReturnType<ChatStore["append"]> {
    for (const { delivery } of this.#lines) await delivery.begin(roomId);
    const marks = this.#lines.map(({ delivery }) => marking(delivery.name, roomId));
    return this.#options.store.append(roomId, appends.map((append) => Object.assign({}, append, { records: [...(append.records ?? []), ...marks] })));
  }

  #look(): void {
    void this.#addMarked().finally(() => {
      if (!this.#ending.signal.aborted) this.#timer = this.#options.clock.setTimeout(() => this.#look(), lookMs * (0.8 + 0.4 * this.#options.random()));
    });
  }

  async #addMarked(): Promise<void> {
    const { store, report } = this.#options;
    try {
      for (const line of this.#lines) for await (const roomId of markedRooms(store, line.delivery.name)) line.add(roomId);
    } catch (error) {
      if (!this.#ending.signal.aborted) report(error, "unable to look for what webhooks are not told yet; it is tried again");
    }
  }
}
