import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { isAmong, type Message, type MessagePage, type Receipt, type RoomEvent } from "@chat-widget/protocol";
import { scrub, type StoredEvent } from "../append.js";
import type { Horizon, LogRead, MessagePlace, PageQuery, PlacedEvent, Reading, SearchPage, SearchQuery, StoreIdentity } from "../chat-store.js";
import type { ReceiptMove } from "../group-commit.js";
import { readPage, type MessageReader } from "../read-page.js";
import type { RecordQuery, RecordWrite, StoredRecord } from "../records.js";
import { RoomDraft, type AppendOutcome, type AppendRequest } from "../room-draft.js";
import type { Driver, OpenDriver } from "./driver.js";
import { forgetStep } from "./forget-step.js";
import { migrate } from "./migrations.js";
import { readRecords, writeRecords } from "./record-table.js";
import { redact } from "./redact.js";
import { notSearchable } from "../search/not-searchable.js";
import { indexMessage, searchMessages } from "./search-index.js";
import { prepareStatements, type Statements } from "./statements.js";
import { lockWriter } from "./writer-lock.js";

export interface SqliteDatabaseOptions {
  /** An absolute path, or `":memory:"`. */
  filename: string;
  synchronous: "full" | "normal";
  /** Whether messages can be searched. */
  search: boolean;
  open: OpenDriver;
}

/** The database file, synchronous: all of the store's SQL is run from here, on a thread of its own. What goes in and out can be cloned. */
export class SqliteDatabase {
  readonly #lock: Driver | undefined;
  readonly #database: Driver;
  readonly #sql: Statements;
  readonly #isSearchable: boolean;

  constructor({ filename, synchronous, search, open }: SqliteDatabaseOptions) {
    this.#isSearchable = search;
    const isFile = filename !== ":memory:";
    if (isFile) mkdirSync(dirname(filename), { recursive: true });
    this.#database = open(filename);
    try {
      this.#lock = isFile ? lockWriter(filename, open) : undefined;
      // Without `secure_delete` a deleted text would stay readable in the free space of the file.
      this.#database.exec(`pragma busy_timeout = 5000; pragma journal_mode = wal; pragma synchronous = ${synchronous}; pragma secure_delete = on; pragma wal_autocheckpoint = 4000`);
      migrate(this.#database);
      this.#sql = prepareStatements(this.#database);
    } catch (error) {
      this.#database.close();
      this.#lock?.close();
      throw error;
    }
  }

  identity(): StoreIdentity {
    this.#sql.setMeta.run("epoch", randomUUID());
    this.#sql.setMeta.run("secret", randomBytes(32));
    const [epoch, secret] = [this.#sql.meta.get("epoch")?.value, this.#sql.meta.get("secret")?.value];
    if (typeof epoch !== "string" || !(secret instanceof Uint8Array)) throw new Error("its table meta was changed by another program");
    return { epoch, secret: new Uint8Array(secret) };
  }

  /** Commits everything in one transaction, requests in order. Throws, with nothing stored, when the transaction fails. */
  commit(requests: readonly AppendRequest[], moves: readonly ReceiptMove[]): AppendOutcome[] {
    return this.#transaction(() => {
      const drafts = new Map<string, RoomDraft>();
      const outcomes = requests.map(({ roomId, appends }) => {
        const draft = drafts.get(roomId) ?? this.#draft(roomId);
        drafts.set(roomId, draft);
        return draft.attempt(appends);
      });
      for (const [roomId, draft] of drafts) this.#write(roomId, draft);
      for (const { roomId, userId, seq } of moves) this.#sql.setReceipt.run(roomId, userId, seq);
      return outcomes;
    });
  }

  /** One step, in a transaction of its own. */
  forget(horizon: Horizon): { isDone: boolean } {
    return { isDone: this.#transaction(() => !forgetStep(this.#sql, horizon)) };
  }

  heads(roomIds: readonly string[]): number[] {
    return roomIds.map((roomId) => this.#head(roomId));
  }

  eventsAfter(roomId: string, seq: number, limit: number): LogRead {
    const room = this.#sql.head.get(roomId);
    if (room !== undefined && seq < room.trimmed) return { kind: "trimmed" };
    const events = this.#sql.eventsAfter.all(roomId, seq, limit).map(({ body }): RoomEvent => JSON.parse(body));
    return { kind: "events", events, head: room?.seq ?? 0 };
  }

  eventsById(roomId: string, ids: readonly string[]): RoomEvent[] {
    return ids.flatMap((id) => this.#sql.event.get(roomId, id) ?? []).map(({ body }): RoomEvent => JSON.parse(body));
  }

  messages(roomId: string, query: PageQuery): Omit<MessagePage, "epoch"> {
    return readPage(this.#reader(roomId, query.threadId), query, this.#head(roomId));
  }

  messagesById(roomId: string, ids: readonly string[]): Message[] {
    return ids.map((id) => this.#message(roomId, id)).filter((message) => message !== undefined);
  }

  search(query: SearchQuery): SearchPage {
    if (!this.#isSearchable) throw notSearchable();
    return searchMessages(this.#sql, query);
  }

  receipts(roomId: string): Receipt[] {
    return this.#sql.receipts.all(roomId).map(({ userId, seq }) => ({ userId, seq }));
  }

  reading(userId: string, roomIds: readonly string[], most: number): Reading[] {
    return roomIds.map((roomId) => {
      const seq = this.#sql.receipt.get(roomId, userId)?.seq ?? 0;
      const [unread, mentions] = [this.#sql.unread.get(roomId, seq, userId, most), this.#sql.unreadMentions.get(roomId, seq, JSON.stringify(userId), userId, userId, most)];
      return { seq, unread: unread?.count ?? 0, mentions: mentions?.count ?? 0 };
    });
  }

  receiptsOf(userId: string): MessagePlace[] {
    return this.#sql.receiptsOf.all(userId).map(({ roomId, seq }) => ({ roomId, seq }));
  }

  forgetReader(userId: string): void {
    this.#sql.deleteReceiptsOf.run(userId);
  }

  allEvents(after: MessagePlace | undefined, limit: number): PlacedEvent[] {
    return this.#sql.allEvents.all(after?.roomId ?? "", after?.seq ?? 0, limit).map(({ roomId, body }) => ({ roomId, event: JSON.parse(body) }));
  }

  redact(roomId: string, seqs: readonly number[]): void {
    this.#transaction(() => redact(this.#sql, roomId, seqs));
  }

  records(collection: string, query: RecordQuery): StoredRecord[] {
    return readRecords(this.#sql, collection, query);
  }

  writeRecords(writes: readonly RecordWrite[]): boolean {
    return this.#transaction(() => writeRecords(this.#sql, writes));
  }

  /** Leaves everything in the file itself, so that a copy of it is whole. */
  close(): void {
    try {
      // A driver that keeps the file open after `close` would leave the last writes in the file beside it. Waits for no reader.
      this.#database.exec("pragma busy_timeout = 0; pragma wal_checkpoint(truncate)");
    } finally {
      this.#database.close();
      this.#lock?.close();
    }
  }

  #draft(roomId: string): RoomDraft {
    return new RoomDraft(this.#head(roomId), { event: (id) => this.#event(roomId, id), message: (id) => this.#message(roomId, id) });
  }

  #write(roomId: string, { head, events, messages, deleted, retold, records }: RoomDraft): void {
    for (const messageId of deleted) this.#scrubEvents(roomId, messageId);
    for (const { event, messageId, fingerprint } of events) this.#sql.insertEvent.run(roomId, event.seq, event.id, messageId ?? "", fingerprint, JSON.stringify(event));
    for (const [id, message] of messages) {
      this.#sql.setMessage.run(roomId, message.seq, id, message.sentAt, message.threadId ?? null, isAmong(undefined, message) ? 1 : 0, JSON.stringify(message));
      if (retold.has(id)) indexMessage(this.#sql, roomId, message, this.#isSearchable);
    }
    writeRecords(this.#sql, records);
    const [first] = events;
    if (first !== undefined) this.#sql.setHead.run(roomId, head, first.event.at);
  }

  #scrubEvents(roomId: string, messageId: string): void {
    for (const { seq, body } of this.#sql.eventsOfMessage.all(roomId, messageId)) {
      this.#sql.scrubEvent.run(JSON.stringify(scrub(JSON.parse(body))), roomId, seq);
    }
  }

  #reader(roomId: string, threadId: string | undefined): MessageReader {
    const { messagesBefore, messagesFrom, repliesBefore, repliesFrom } = this.#sql;
    if (threadId === undefined) {
      return {
        before: (seq, limit) => messagesBefore.all(roomId, seq, limit).map(messageOf),
        from: (seq, limit) => messagesFrom.all(roomId, seq, limit).map(messageOf),
      };
    }
    return {
      before: (seq, limit) => repliesBefore.all(roomId, threadId, seq, limit).map(messageOf),
      from: (seq, limit) => repliesFrom.all(roomId, threadId, seq, limit).map(messageOf),
    };
  }

  #head(roomId: string): number {
    return this.#sql.head.get(roomId)?.seq ?? 0;
  }

  #event(roomId: string, id: string): StoredEvent | undefined {
    const row = this.#sql.event.get(roomId, id);
    return row && { event: JSON.parse(row.body), fingerprint: row.fingerprint };
  }

  #message(roomId: string, id: string): Message | undefined {
    const row = this.#sql.message.get(roomId, id);
    return row && messageOf(row);
  }

  #transaction<T>(run: () => T): T {
    this.#database.exec("begin immediate");
    try {
      const result = run();
      this.#database.exec("commit");
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  #rollBack(): void {
    try {
      this.#database.exec("rollback");
    } catch {
      // SQLite rolls back by itself on some errors, a full disk among them; then there is no transaction left to end.
    }
  }
}

function messageOf({ body }: { body: string }): Message {
  return JSON.parse(body);
}
