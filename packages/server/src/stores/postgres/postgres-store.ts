import { setTimeout as pause } from "node:timers/promises";
import { ChatError, type Message, type Receipt, type RoomEvent } from "@chat-widget/protocol";
import type { Append, Appended, ChatStore, Horizon, LogRead, MessagePlace, PageQuery, PlacedEvent, Reading, SearchPage, SearchQuery, StoreIdentity } from "../chat-store.js";
import { readPage, shareOf } from "../read-page.js";
import type { RecordQuery, RecordWrite, StoredRecord } from "../records.js";
import { appendGroup } from "./append-group.js";
import { AppendLanes } from "./append-lanes.js";
import { isPassing, type PostgresClient, type PostgresPool } from "./client.js";
import { forgetStep } from "./forget-step.js";
import { findLife, type Life } from "./life.js";
import { migrate } from "./migrations.js";
import { type PostgresStoreOptions, type StoreParts, partsOf } from "./options.js";
import { readingRecords, recordsOf, writeRecords } from "./record-table.js";
import { redact } from "./redact.js";
import { readSecret } from "./secret.js";
import { notSearchable } from "../search/not-searchable.js";
import { tsqueryOf } from "./search-index.js";

/** How many transactions that append run at a time. */
const lanes = 2;
/** How often a transaction is run, pauses between them in milliseconds. */
const pausesMs = [50, 200, 800];

/**
 * A store in PostgreSQL 13 or newer, for any number of servers. Uses the package `pg`.
 *
 * A message is acknowledged once PostgreSQL has committed it, which is as durable as its `synchronous_commit` says.
 * @throws {ChatError} `invalid` when an option is, or when `pg` is not installed.
 */
export function postgresStore(options: PostgresStoreOptions): ChatStore {
  return new PostgresStore(partsOf(options));
}

class PostgresStore implements ChatStore {
  readonly #pool: PostgresPool;
  readonly #schema: string;
  readonly #isOwnPool: boolean;
  readonly #isSearchable: boolean;
  readonly #running = new Set<Promise<unknown>>();
  /** How many lives were over when a connection was made. */
  readonly #madeAfter = new WeakMap<PostgresClient, number>();
  #livesOver = 0;
  #life: Life | undefined;
  /** Of this life: what was asked in one is never written in another. */
  #lanes: AppendLanes | undefined;
  #isClosed = false;

  constructor({ pool, schema, isOwnPool, isSearchable }: StoreParts) {
    this.#isSearchable = isSearchable;
    this.#pool = pool;
    this.#schema = schema;
    this.#isOwnPool = isOwnPool;
    pool.on("connect", (client) => {
      this.#madeAfter.set(client, this.#livesOver);
      // A connection that breaks between two queries says so to whoever asks next; but an error that nobody hears ends the process.
      client.on("error", () => undefined);
    });
  }

  async open(): Promise<StoreIdentity> {
    try {
      await this.#withClient((client) => migrate(client, this.#schema));
      const secret = await this.#withClient((client) => readSecret(client, this.#schema));
      const { epoch, over } = this.#begin(await this.#withClient((client) => findLife(client, this.#schema)));
      return { epoch, secret, replaced: over };
    } catch (cause) {
      throw new ChatError("unavailable", `unable to open the PostgreSQL store; ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }

  append(roomId: string, appends: readonly Append[]): Promise<Appended[]> {
    return this.#run("write", async () => this.#lanes?.append(roomId, appends) ?? []);
  }

  heads(roomIds: readonly string[]): Promise<number[]> {
    return this.#run("read the heads of rooms", async (life) => {
      const rows = await this.#rows<{ id: string; seq: string }>(life, life.sql.heads, [...roomIds]);
      const heads = new Map(rows.map(({ id, seq }) => [id, Number(seq)]));
      return roomIds.map((roomId) => heads.get(roomId) ?? 0);
    });
  }

  eventsById(roomId: string, ids: readonly string[]): Promise<RoomEvent[]> {
    return this.#run("read a log", async (life) => {
      const rows = await this.#rows<{ id: string; body: string }>(life, life.sql.eventsById, roomId, [...ids]);
      const bodies = new Map(rows.map(({ id, body }) => [id, body]));
      return ids.flatMap((id) => bodies.get(id) ?? []).map((body): RoomEvent => JSON.parse(body));
    });
  }

  eventsAfter(roomId: string, seq: number, limit: number): Promise<LogRead> {
    return this.#run("read a log", async (life) => {
      const rows = await this.#rows<{ head: string | null; trimmed: string | null; body: string | null }>(life, life.sql.eventsAfter, roomId, seq, limit);
      if (seq < Number(rows[0]?.trimmed ?? 0)) return { kind: "trimmed" };
      return { kind: "events", events: rows.flatMap(({ body }) => (body === null ? [] : [JSON.parse(body)])), head: Number(rows[0]?.head ?? 0) };
    });
  }

  messages(roomId: string, query: PageQuery): ReturnType<ChatStore["messages"]> {
    return this.#run("read messages", async (life) => {
      const { older, newer, edge } = shareOf(query);
      const rows = await this.#rows<{ head: string; body: string | null; is_before: boolean }>(life, query.threadId === undefined ? life.sql.page : life.sql.threadPage, roomId, edge, older + 1, newer + 1, ...(query.threadId === undefined ? [] : [query.threadId]));
      const side = (isBefore: boolean) => rows.flatMap(({ body, is_before }): Message[] => (body !== null && is_before === isBefore ? [JSON.parse(body)] : []));
      return readPage({ before: () => side(true).toReversed(), from: () => side(false) }, query, Number(rows[0]?.head ?? 0));
    });
  }

  messagesById(roomId: string, ids: readonly string[]): Promise<Message[]> {
    return this.#run("read messages", async (life) => {
      const rows = await this.#rows<{ id: string; body: string }>(life, life.sql.messagesById, roomId, [...ids]);
      const bodies = new Map(rows.map(({ id, body }) => [id, body]));
      return ids.flatMap((id) => bodies.get(id) ?? []).map((body): Message => JSON.parse(body));
    });
  }

  search(query: SearchQuery): Promise<SearchPage> {
    return this.#run("search", async (life) => {
      if (!this.#isSearchable) throw notSearchable();
      const { before = Number.MAX_SAFE_INTEGER, after = 0, cursor, limit } = query;
      const rows = await this.#rows<{ room_id: string | null; body: string }>(life, life.sql.search, tsqueryOf(query), after, cursor?.roomId ?? null, cursor?.seq ?? null, before, limit + 1);
      const found = rows.flatMap(({ room_id, body }): SearchPage["found"] => (room_id === null ? [] : [{ roomId: room_id, message: JSON.parse(body) }]));
      const last = found[limit - 1];
      return found.length > limit && last !== undefined ? { found: found.slice(0, limit), next: { roomId: last.roomId, seq: last.message.seq } } : { found };
    });
  }

  receipts(roomId: string): Promise<Receipt[]> {
    return this.#run("read receipts", async (life) => {
      const rows = await this.#rows<{ user_id: string | null; seq: string }>(life, life.sql.receipts, roomId);
      return rows.flatMap(({ user_id, seq }) => (user_id === null ? [] : [{ userId: user_id, seq: Number(seq) }]));
    });
  }

  moveReceipt(roomId: string, userId: string, seq: number): Promise<void> {
    return this.#run("store a read position", async (life) => void (await this.#rows(life, life.sql.moveReceipt, roomId, userId, seq, life.name)));
  }

  reading(userId: string, roomIds: readonly string[], most: number): Promise<Reading[]> {
    return this.#run("read read positions", async (life) => {
      const rows = await this.#rows<{ place: string | null; seq: string; unread: string; mentions: string }>(life, life.sql.reading, [...roomIds], userId, JSON.stringify(userId), most);
      return rows.flatMap(({ place, seq, unread, mentions }) => (place === null ? [] : [{ seq: Number(seq), unread: Number(unread), mentions: Number(mentions) }]));
    });
  }

  receiptsOf(userId: string): Promise<MessagePlace[]> {
    return this.#run("read receipts", async (life) => {
      const rows = await this.#rows<{ room_id: string | null; seq: string }>(life, life.sql.receiptsOf, userId);
      return rows.flatMap(({ room_id, seq }) => (room_id === null ? [] : [{ roomId: room_id, seq: Number(seq) }]));
    });
  }

  forgetReader(userId: string): Promise<void> {
    return this.#run("forget a read position", async (life) => void (await this.#rows(life, life.sql.forgetReader, userId, life.name)));
  }

  allEvents(after: MessagePlace | undefined, limit: number): Promise<PlacedEvent[]> {
    return this.#run("read all logs", async (life) => {
      const rows = await this.#rows<{ room_id: string | null; body: string }>(life, life.sql.allEvents, after?.roomId ?? "", after?.seq ?? 0, limit);
      return rows.flatMap(({ room_id, body }): PlacedEvent[] => (room_id === null ? [] : [{ roomId: room_id, event: JSON.parse(body) }]));
    });
  }

  redact(roomId: string, seqs: readonly number[]): Promise<void> {
    return this.#run("take names out of a log", (life) => this.#again(() => this.#transaction((client) => redact(client, life, roomId, seqs))));
  }

  records(collection: string, query: RecordQuery): Promise<StoredRecord[]> {
    return this.#run("read records", async (life) => recordsOf(await this.#rows(life, ...readingRecords(life.sql, collection, query)), query));
  }

  writeRecords(writes: readonly RecordWrite[]): Promise<boolean> {
    return this.#run("write records", (life) => {
      const write = () => this.#transaction((client) => writeRecords(client, life, writes));
      // Once committed, the revision is not the expected one any more: what is not known to have failed must not be run again.
      return writes.some(({ expect }) => expect !== undefined) ? write() : this.#again(write);
    });
  }

  forget(horizon: Horizon): Promise<{ isDone: boolean }> {
    return this.#run("forget what is old", async (life) => ({ isDone: !(await this.#again(() => this.#transaction((client) => forgetStep(client, life, horizon)))) }));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.allSettled(this.#running);
    if (this.#isOwnPool) await this.#pool.end();
  }

  /** Goes on in a life that was found; in the present one if it is the same. */
  #begin(life: Life): Life {
    if (this.#life?.name === life.name && !this.#life.over.aborted) return this.#life;
    life.over.addEventListener("abort", () => (this.#livesOver += 1));
    this.#lanes = new AppendLanes(lanes, (requests, patience) => this.#again(() => this.#transaction((client) => appendGroup(client, life, requests, { patience, isSearchable: this.#isSearchable }))));
    return (this.#life = life);
  }

  /** Names no host and no reason: this message reaches users, its cause does not. */
  async #run<T>(what: string, work: (life: Life) => Promise<T>): Promise<T> {
    const life = this.#life;
    const unusable = (cause: unknown) => new ChatError("unavailable", `unable to ${what}; the store's database cannot be used`, { cause });
    if (life === undefined || life.over.aborted) throw unusable(new Error("it has to be opened first"));
    const running = work(life);
    this.#running.add(running);
    try {
      return await running;
    } catch (cause) {
      throw ChatError.is(cause) ? cause : unusable(cause);
    } finally {
      this.#running.delete(running);
    }
  }

  /** Runs a transaction again that deadlocked, or whose connection broke: whether it was committed then is not known, and its ids make it safe. */
  async #again<T>(transaction: () => Promise<T>): Promise<T> {
    for (const pauseMs of pausesMs) {
      try {
        return await transaction();
      } catch (error) {
        if (!isPassing(error)) throw error;
        await pause(pauseMs);
      }
    }
    return transaction();
  }

  #transaction<T>(work: (client: PostgresClient) => Promise<T>): Promise<T> {
    return this.#withClient(async (client) => {
      // Read committed, so that each statement sees what was committed before it. A connection that is stuck gives its locks back.
      await client.query("begin isolation level read committed; set local statement_timeout = '8s'; set local lock_timeout = '5s'; set local idle_in_transaction_session_timeout = '10s'");
      const result = await work(client);
      await client.query("commit");
      return result;
    });
  }

  /** A connection. Those of a life that is over may lead to a server that lives on beside the one that took its place. */
  async #connect(): Promise<PostgresClient> {
    for (;;) {
      const client = await this.#pool.connect();
      if ((this.#madeAfter.get(client) ?? 0) === this.#livesOver) return client;
      client.release(true);
    }
  }

  /** A connection on which something failed is brought to its beginning, or closed. */
  async #withClient<T>(work: (client: PostgresClient) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      const isUsable = await client.query("rollback").then(
        () => true,
        () => false,
      );
      client.release(!isUsable);
      throw error;
    }
  }

  async #rows<Row>(life: Life, text: string, ...values: unknown[]): Promise<(Row & { life: string })[]> {
    const client = await this.#connect();
    let isUsable = false;
    try {
      const { rows } = await client.query(text, values);
      isUsable = true;
      return life.rowsOf(rows);
    } finally {
      client.release(!isUsable);
    }
  }
}
