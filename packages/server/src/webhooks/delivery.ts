import type { RoomEvent } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import type { Report } from "../logger.js";
import type { ChatStore } from "../stores/chat-store.js";
import { Cursors, type KeptCursor } from "./cursor.js";
import { markOf, unmark } from "./pending.js";
import { post } from "./post.js";
import type { Webhook } from "./webhook.js";

/** Events that are told together at most. */
const batchSize = 100;
/** Rooms that are remembered as begun. */
const mostBegun = 10_000;
/** How long one node has a room to itself after each batch; longer than a receiver may take. */
const holdMs = 60_000;
/** How long a webhook is left alone after a failure: doubled each time, from the first to the second. */
const restMs = [5_000, 600_000] as const;
/** How long a batch is tried before it is left out. */
const patienceMs = 3 * 86_400_000;

export interface DeliveryOptions {
  store: ChatStore;
  epoch: string;
  /** Names this node. */
  nodeId: string;
  clock: Clock;
  random: () => number;
  report: Report;
  /** Ends what is being told. */
  signal: AbortSignal;
}

/** Tells one webhook what happens, room by room, in order, each event at least once. */
export class Delivery {
  readonly #webhook: Webhook;
  readonly #options: DeliveryOptions;
  readonly #cursors: Cursors;
  readonly #begun = new Set<string>();

  constructor(webhook: Webhook, options: DeliveryOptions) {
    this.#webhook = webhook;
    this.#options = options;
    this.#cursors = new Cursors(options.store, this.name);
  }

  get name(): string {
    return this.#webhook.name ?? this.#webhook.url;
  }

  /** A room's events are told from the first that is written after this: what was there before is old news. */
  async begin(roomId: string): Promise<void> {
    if (this.#begun.has(roomId)) return;
    const { store } = this.#options;
    if ((await this.#cursors.read(roomId)) === undefined) {
      const [head = 0] = await store.heads([roomId]);
      await this.#cursors.begin(roomId, head);
    }
    if (this.#begun.size >= mostBegun) this.#begun.clear();
    this.#begun.add(roomId);
  }

  /** Tells what is not told of a room yet, unless another node does, or it is not the time. */
  async run(roomId: string): Promise<void> {
    const { clock, nodeId } = this.#options;
    const cursor = await this.#cursors.read(roomId);
    if (cursor === undefined || cursor.restsUntil > clock.now() || (cursor.heldUntil > clock.now() && cursor.holder !== nodeId)) return;
    let held = await this.#cursors.change(roomId, cursor, { holder: nodeId, heldUntil: clock.now() + holdMs });
    while (held !== undefined && held.heldUntil > 0) held = await this.#step(roomId, held);
  }

  /** One batch, or the end; `heldUntil` is 0 when there is nothing more to do now. */
  async #step(roomId: string, cursor: KeptCursor): Promise<KeptCursor | undefined> {
    const { store, clock, signal } = this.#options;
    const mark = await markOf(store, this.name, roomId);
    const log = await store.eventsAfter(roomId, cursor.seq, batchSize);
    if (log.kind === "trimmed") return this.#skip(roomId, cursor);
    const last = log.events.at(-1);
    if (last === undefined) {
      if (mark !== undefined && !(await unmark(store, this.name, mark))) return cursor;
      return this.#cursors.change(roomId, cursor, { heldUntil: 0 });
    }
    try {
      await this.#tell(roomId, log.events);
    } catch (error) {
      return this.#cursors.change(roomId, cursor, signal.aborted ? { heldUntil: 0 } : this.#failed(roomId, cursor, last, error));
    }
    const { failingSince: _, revision, ...rest } = cursor;
    return this.#cursors.change(roomId, { ...rest, revision }, { seq: last.seq, failures: 0, heldUntil: clock.now() + holdMs });
  }

  async #tell(roomId: string, events: readonly RoomEvent[]): Promise<void> {
    const { epoch, clock, signal } = this.#options;
    const { events: wanted } = this.#webhook;
    const told = wanted === undefined ? events : events.filter(({ type }) => wanted.includes(type));
    if (told.length > 0) await post(this.#webhook, { roomId, epoch, events: told }, clock.now(), signal);
  }

  #failed(roomId: string, { failures, failingSince = this.#options.clock.now() }: KeptCursor, last: RoomEvent, error: unknown): Partial<KeptCursor> {
    const { clock, random, report } = this.#options;
    const isOver = clock.now() - failingSince > patienceMs;
    // Said once, and again when it is given up.
    if (failures === 0 || isOver) {
      report(error, isOver ? `unable to tell the webhook ${this.name} of the room ${roomId} for three days; events up to ${last.seq} are left out` : `unable to tell the webhook ${this.name}; it is tried again`);
    }
    const [first, most] = restMs;
    const rest = Math.min(most, first * 2 ** failures) * (0.75 + random() / 2);
    return { heldUntil: 0, failures: failures + 1, failingSince, restsUntil: clock.now() + rest, ...(isOver && { seq: last.seq, failures: 0, failingSince: clock.now() }) };
  }

  /** What was not told is forgotten meanwhile. */
  async #skip(roomId: string, cursor: KeptCursor): Promise<KeptCursor | undefined> {
    const { store, report } = this.#options;
    report(new Error("the log is trimmed"), `unable to tell the webhook ${this.name} all that happened in the room ${roomId}; it is older than \`retention\` says`);
    const [head = 0] = await store.heads([roomId]);
    return this.#cursors.change(roomId, cursor, { seq: head });
  }
}
