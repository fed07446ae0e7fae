import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { ChatError, applyEvent, messageIdOf, type Message, type MessagePage, type Receipt, type RoomEvent, type WireError } from "@chat-widget/protocol";
import { eventAt, isRepeat, scrub } from "../append.js";
import type { Append, Appended, Horizon, LogRead, PageQuery, StoreIdentity } from "../chat-store.js";
import { readPage } from "../read-page.js";
import type { Driver, OpenDriver } from "./driver.js";
import { forgetStep } from "./forget-step.js";
import { migrate } from "./migrations.js";
import { prepareStatements, type Statements } from "./statements.js";
import { lockWriter } from "./writer-lock.js";

export interface SqliteDatabaseOptions {
  /** An absolute path, or `":memory:"`. */
  filename: string;
  synchronous: "full" | "normal";
  open: OpenDriver;
}

/** What one caller wants appended to one room, all or nothing. */
export interface AppendRequest {
  roomId: string;
  appends: readonly Append[];
}

/** One read position to move. */
export interface ReceiptMove {
  roomId: string;
  userId: string;
  seq: number;
}

/** A request of its own that fails leaves the others of its transaction alone. */
export type AppendOutcome = { ok: true; results: Appended[] } | { ok: false; error: WireError };

/** The database file, synchronous: all of the store's SQL is run from here, on a thread of its own. What goes in and out can be cloned. */
export class SqliteDatabase {
  readonly #lock: Driver | undefined;
  readonly #database: Driver;
  readonly #sql: Statements;

  constructor({ filename, synchronous, open }: SqliteDatabaseOptions) {
    const isFile = filename !== ":memory:";
    if (isFile) mkdirSync(dirname(filename), { recursive: true });
    this.#database = open(filename);
    try {
      this.#lock = isFile ? lockWriter(filename, open) : undefined;
      // Without `secure_delete` a deleted text would stay readable in the free space of the file.
      this.#database.exec(`pragma busy_timeout = 5000; pragma journal_mode = wal; pragma synchronous = ${synchronous}; pragma secure_delete = on`);
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
      const outcomes = requests.map((request) => this.#attempt(request));
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
    const reader = {
      before: (seq: number, limit: number) => this.#sql.messagesBefore.all(roomId, seq, limit).map(messageOf),
      from: (seq: number, limit: number) => this.#sql.messagesFrom.all(roomId, seq, limit).map(messageOf),
    };
    return readPage(reader, query, this.#head(roomId));
  }

  messagesById(roomId: string, ids: readonly string[]): Message[] {
    return ids.map((id) => this.#message(roomId, id)).filter((message) => message !== undefined);
  }

  receipts(roomId: string): Receipt[] {
    return this.#sql.receipts.all(roomId).map(({ userId, seq }) => ({ userId, seq }));
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

  #attempt({ roomId, appends }: AppendRequest): AppendOutcome {
    this.#database.exec("savepoint request");
    try {
      let head = this.#head(roomId);
      const results = appends.map((append) => {
        const result = this.#append(roomId, head + 1, append);
        if (result.outcome === "stored") head = result.event.seq;
        return result;
      });
      const first = results.find(({ outcome }) => outcome === "stored");
      if (first?.outcome === "stored") this.#sql.setHead.run(roomId, head, first.event.at);
      this.#database.exec("release request");
      return { ok: true, results };
    } catch (error) {
      if (!ChatError.is(error)) throw error;
      this.#database.exec("rollback to request; release request");
      return { ok: false, error: error.toJSON() };
    }
  }

  #append(roomId: string, seq: number, append: Append): Appended {
    const known = this.#sql.event.get(roomId, append.draft.id);
    if (known !== undefined) {
      const event: RoomEvent = JSON.parse(known.body);
      return isRepeat({ event, fingerprint: known.fingerprint }, append) ? { outcome: "repeated", event } : { outcome: "conflict" };
    }
    let event = eventAt(seq, append);
    const messageId = messageIdOf(event);
    const message = applyEvent(this.#message(roomId, messageId), event);
    if (message === undefined) throw new ChatError("not-found", `unable to append a change; the room has no message ${messageId}`);
    // An edit that lost the race against the deletion brings no text back.
    const isDeleted = message.deletedAt !== undefined;
    if (isDeleted) event = scrub(event);
    if (event.type === "message.deleted") this.#scrubEvents(roomId, messageId);
    this.#sql.insertEvent.run(roomId, seq, event.id, messageId, isDeleted ? "" : append.fingerprint, JSON.stringify(event));
    this.#sql.setMessage.run(roomId, message.seq, messageId, JSON.stringify(message));
    return { outcome: "stored", event };
  }

  #scrubEvents(roomId: string, messageId: string): void {
    for (const { seq, body } of this.#sql.eventsOfMessage.all(roomId, messageId)) {
      this.#sql.scrubEvent.run(JSON.stringify(scrub(JSON.parse(body))), roomId, seq);
    }
  }

  #head(roomId: string): number {
    return this.#sql.head.get(roomId)?.seq ?? 0;
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
