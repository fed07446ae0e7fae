import type { Clock, Timer } from "../clock.js";
import type { Report } from "../logger.js";
import type { Tell } from "../nodes/node-message.js";
import type { ChatStore } from "../stores/chat-store.js";
import type { RecordWrite } from "../stores/records.js";

/** One record for each held collection; its revision goes up whenever the collection changes. */
const versions = "held-collections";
const pageSize = 1_000;

/** What every held collection of a server shares. */
export interface HoldingOptions {
  store: ChatStore;
  /** Tells the other nodes. */
  tell: Tell;
  /** How long to wait before the store is asked for what nobody told. */
  pollMs(): number;
  clock: Clock;
  report: Report;
}

interface HeldRecordsOptions<T> extends HoldingOptions {
  collection: string;
  /** Reads a value; undefined for one that means nothing to this version. */
  read(value: unknown): T | undefined;
  /** Called whenever they may have changed. */
  onChange(held: ReadonlyMap<string, T>): void;
}

/**
 * A small collection of records that every node has in memory. A node that changes it tells the others, which read it
 * again; and each asks the store every few seconds whether it missed that.
 */
export class HeldRecords<T> {
  readonly #options: HeldRecordsOptions<T>;
  #held: ReadonlyMap<string, T> = new Map();
  /** The revision that is held; undefined before it was read for the first time. */
  #revision: number | undefined;
  #reading: Promise<void> | undefined;
  #isAskedAgain = false;
  #timer: Timer | undefined;
  #isClosed = false;
  /** One after the other. */
  #failures = 0;

  constructor(options: HeldRecordsOptions<T>) {
    this.#options = options;
    this.lookSoon();
  }

  /** What is held, by key. */
  get held(): ReadonlyMap<string, T> {
    return this.#held;
  }

  /** Returns once they were read at least once. @throws {ChatError} `unavailable` when the store cannot be reached */
  async ready(): Promise<void> {
    if (this.#revision === undefined) await this.look();
  }

  /** Writes some of them, and whatever else belongs to it, in one transaction. Resolves when this node holds them and the others are told. */
  async write(writes: readonly Omit<RecordWrite, "collection">[], alongside: readonly RecordWrite[]): Promise<void> {
    const { store, tell, collection } = this.#options;
    await store.writeRecords([...writes.map((write) => ({ ...write, collection })), { collection: versions, key: collection, value: {} }, ...alongside]);
    tell({ kind: "records", collection });
    await this.look();
  }

  /** Reads them again if they have changed. Whoever asks while it is done has it done once more. */
  look(): Promise<void> {
    this.#isAskedAgain = true;
    return (this.#reading ??= this.#lookAll());
  }

  /** The same for those who do not wait for it. */
  lookSoon(): void {
    const { clock, report, collection, pollMs } = this.#options;
    if (this.#isClosed) return;
    if (this.#timer !== undefined) clock.clearTimeout(this.#timer);
    this.#timer = clock.setTimeout(() => this.lookSoon(), pollMs());
    const isReading = this.#reading !== undefined;
    const looked = this.look();
    // Whoever began it hears how it ends.
    if (isReading) return void looked.catch(() => undefined);
    looked.then(
      () => (this.#failures = 0),
      (error: unknown) => {
        this.#failures += 1;
        // A store that is slow once is none that is down; one that is, is said to be once.
        if (this.#failures === 2 && !this.#isClosed) report(error, `unable to read the ${collection}; it is tried again`);
      },
    );
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
  }

  async #lookAll(): Promise<void> {
    try {
      while (this.#isAskedAgain) {
        this.#isAskedAgain = false;
        await this.#lookOnce();
      }
    } finally {
      this.#reading = undefined;
    }
  }

  async #lookOnce(): Promise<void> {
    const { store, collection, onChange } = this.#options;
    const [version] = await store.records(versions, { keys: [collection] });
    const revision = version?.revision ?? 0;
    if (revision === this.#revision) return;
    this.#held = await this.#readAll();
    // What changed meanwhile raised the revision, and is read the next time.
    this.#revision = revision;
    if (!this.#isClosed) onChange(this.#held);
  }

  async #readAll(): Promise<Map<string, T>> {
    const { store, collection, read } = this.#options;
    const held = new Map<string, T>();
    for (let after: string | undefined; ; ) {
      const records = await store.records(collection, { ...(after !== undefined && { after }), limit: pageSize });
      for (const { key, value } of records) {
        const readable = read(value);
        if (readable !== undefined) held.set(key, readable);
      }
      after = records.at(-1)?.key;
      if (records.length < pageSize) return held;
    }
  }
}
