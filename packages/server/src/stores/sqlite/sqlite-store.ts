import { resolve } from "node:path";
import { ChatError } from "@chat-widget/protocol";
import type { Append, Appended, ChatStore } from "../chat-store.js";
import { findDriver, type OpenDriver } from "./driver.js";
import { SqliteDatabase, type AppendOutcome, type AppendRequest, type ReceiptMove, type SqliteDatabaseOptions } from "./sqlite-database.js";

export interface SqliteStoreOptions {
  /** The path of the database file; made with its folder when missing. `":memory:"` keeps nothing. */
  filename: string;
  /**
   * What an acknowledged message survives: `power-loss` (default) waits until the disk has it, `process` until the
   * operating system has it, which is faster and loses the last messages when the machine loses power.
   */
  durability?: "power-loss" | "process";
}

interface Asked<Result> {
  resolve(result: Result): void;
  reject(error: ChatError): void;
}
type AskedAppend = AppendRequest & Asked<Appended[]>;
type AskedMove = ReceiptMove & Asked<void>;

/**
 * A store in one SQLite file, for one server. A second server on the same file is refused.
 *
 * Uses `node:sqlite` where Node has it (22.13 and newer), else the package `libsql`.
 * @throws {ChatError} `invalid` when an option is, or when there is neither `node:sqlite` nor `libsql`.
 */
export function sqliteStore(options: SqliteStoreOptions): ChatStore {
  return sqliteStoreOn(findDriver(), options);
}

/** The same on a driver of choice. */
export function sqliteStoreOn(open: OpenDriver, { filename, durability = "power-loss" }: SqliteStoreOptions): ChatStore {
  if (typeof filename !== "string" || filename === "") {
    throw new ChatError("invalid", 'unable to make a SQLite store; give the path of its file, as in sqliteStore({ filename: "chat.db" })');
  }
  if (durability !== "power-loss" && durability !== "process") {
    throw new ChatError("invalid", 'unable to make a SQLite store; durability is "power-loss" or "process"');
  }
  // Absolute, because a driver reads names like `file:…` or `libsql:…` as addresses, and the process may change its folder before it opens.
  return new SqliteStore({ filename: filename === ":memory:" ? filename : resolve(filename), open, synchronous: durability === "power-loss" ? "full" : "normal" });
}

class SqliteStore implements ChatStore {
  readonly #options: SqliteDatabaseOptions;
  #database: SqliteDatabase | undefined;
  #appends: AskedAppend[] = [];
  #moves: AskedMove[] = [];

  constructor(options: SqliteDatabaseOptions) {
    this.#options = options;
  }

  async open(): ReturnType<ChatStore["open"]> {
    try {
      this.#database ??= new SqliteDatabase(this.#options);
      return this.#database.identity();
    } catch (cause) {
      if (ChatError.is(cause)) throw cause;
      throw new ChatError("unavailable", `unable to open ${this.#options.filename}; ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }

  append(roomId: string, appends: readonly Append[]): Promise<Appended[]> {
    return new Promise((resolve, reject) => {
      this.#commitSoon();
      this.#appends.push({ roomId, appends, resolve, reject });
    });
  }

  moveReceipt(roomId: string, userId: string, seq: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#commitSoon();
      this.#moves.push({ roomId, userId, seq, resolve, reject });
    });
  }

  heads = this.#guarded("read the heads of rooms", (roomIds: readonly string[]) => this.#opened().heads(roomIds));
  eventsAfter = this.#guarded("read a log", (...args: Parameters<SqliteDatabase["eventsAfter"]>) => this.#opened().eventsAfter(...args));
  eventsById = this.#guarded("read a log", (...args: Parameters<SqliteDatabase["eventsById"]>) => this.#opened().eventsById(...args));
  messages = this.#guarded("read messages", (...args: Parameters<SqliteDatabase["messages"]>) => this.#opened().messages(...args));
  messagesById = this.#guarded("read messages", (...args: Parameters<SqliteDatabase["messagesById"]>) => this.#opened().messagesById(...args));
  receipts = this.#guarded("read receipts", (roomId: string) => this.#opened().receipts(roomId));

  close = this.#guarded("close the store", () => {
    this.#commit();
    const database = this.#database;
    this.#database = undefined;
    database?.close();
  });

  /** Everything asked in one turn of the event loop is one transaction: one wait for the disk, however many rooms. */
  #commitSoon(): void {
    if (this.#appends.length + this.#moves.length === 0) setImmediate(() => this.#commit());
  }

  #commit(): void {
    const [appends, moves] = [this.#appends.splice(0), this.#moves.splice(0)];
    if (appends.length + moves.length === 0) return;
    let outcomes: AppendOutcome[];
    try {
      outcomes = this.#opened().commit(appends, moves);
    } catch (cause) {
      const error = unavailable("write", cause);
      for (const { reject } of [...appends, ...moves]) reject(error);
      return;
    }
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.ok) appends[index]?.resolve(outcome.results);
      else appends[index]?.reject(outcome.error);
    }
    for (const { resolve } of moves) resolve();
  }

  #opened(): SqliteDatabase {
    if (this.#database === undefined) throw new Error("the store is not open");
    return this.#database;
  }

  #guarded<Args extends unknown[], Result>(what: string, run: (...args: Args) => Result): (...args: Args) => Promise<Result> {
    return async (...args) => {
      try {
        return run(...args);
      } catch (cause) {
        throw unavailable(what, cause);
      }
    };
  }
}

/** Names no file and no reason: this message reaches users, its cause does not. */
function unavailable(what: string, cause: unknown): ChatError {
  return new ChatError("unavailable", `unable to ${what}; the store's database cannot be used`, { cause });
}
