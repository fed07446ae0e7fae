import { ChatError } from "@chat-widget/protocol";
import type { Append, Appended, ChatStore } from "../chat-store.js";
import type { DriverName } from "./driver.js";
import { SqliteDatabase, type AppendOutcome, type AppendRequest } from "./sqlite-database.js";

export interface SqliteStoreOptions {
  /** The database file; made with its folder when missing. `":memory:"` keeps nothing. */
  filename: string;
  /**
   * What an acknowledged message survives: `power-loss` (default) waits until the disk has it, `process` until the
   * operating system has it, which is faster and loses the last messages when the machine loses power.
   */
  durability?: "power-loss" | "process";
}

interface Waiting extends AppendRequest {
  resolve(results: Appended[]): void;
  reject(error: unknown): void;
}

/**
 * A store in one SQLite file, for one server. A second server on the same file is refused.
 *
 * Uses `node:sqlite` where Node has it (22.13 and newer), else the package `libsql`.
 * @throws {ChatError} `invalid` when an option is.
 */
export function sqliteStore(options: SqliteStoreOptions): ChatStore {
  return sqliteStoreOn(undefined, options);
}

/** The same on a driver of choice. */
export function sqliteStoreOn(driver: DriverName | undefined, { filename, durability = "power-loss" }: SqliteStoreOptions): ChatStore {
  if (typeof filename !== "string" || filename === "") {
    throw new ChatError("invalid", 'unable to make a SQLite store; give the path of its file, as in sqliteStore({ filename: "chat.db" })');
  }
  if (durability !== "power-loss" && durability !== "process") {
    throw new ChatError("invalid", 'unable to make a SQLite store; durability is "power-loss" or "process"');
  }
  return new SqliteStore({ filename, driver, synchronous: durability === "power-loss" ? "full" : "normal" });
}

class SqliteStore implements ChatStore {
  readonly #options: ConstructorParameters<typeof SqliteDatabase>[0];
  #database: SqliteDatabase | undefined;
  #waiting: Waiting[] = [];

  constructor(options: ConstructorParameters<typeof SqliteDatabase>[0]) {
    this.#options = options;
  }

  open = this.#guarded(`open`, () => {
    this.#database ??= new SqliteDatabase(this.#options);
    return this.#database.identity();
  });

  /** Everything asked in one turn of the event loop is one transaction: one wait for the disk, however many rooms. */
  append(roomId: string, appends: readonly Append[]): Promise<Appended[]> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#commit());
      this.#waiting.push({ roomId, appends, resolve, reject });
    });
  }

  heads = this.#guarded("read the heads of rooms", (roomIds: readonly string[]) => this.#opened().heads(roomIds));
  eventsAfter = this.#guarded("read a log", (...args: Parameters<SqliteDatabase["eventsAfter"]>) => this.#opened().eventsAfter(...args));
  messages = this.#guarded("read messages", (...args: Parameters<SqliteDatabase["messages"]>) => this.#opened().messages(...args));
  messagesById = this.#guarded("read messages", (...args: Parameters<SqliteDatabase["messagesById"]>) => this.#opened().messagesById(...args));
  receipts = this.#guarded("read receipts", (roomId: string) => this.#opened().receipts(roomId));
  moveReceipt = this.#guarded("move a receipt", (...args: Parameters<SqliteDatabase["moveReceipt"]>) => this.#opened().moveReceipt(...args));

  close = this.#guarded("close the store", () => {
    this.#commit();
    this.#database?.close();
    this.#database = undefined;
  });

  #commit(): void {
    const waiting = this.#waiting.splice(0);
    if (waiting.length === 0) return;
    let outcomes: AppendOutcome[];
    try {
      outcomes = this.#opened().commit(waiting);
    } catch (cause) {
      const error = this.#unavailable("append events", cause);
      for (const { reject } of waiting) reject(error);
      return;
    }
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.ok) waiting[index]?.resolve(outcome.results);
      else waiting[index]?.reject(outcome.error);
    }
  }

  #opened(): SqliteDatabase {
    if (this.#database === undefined) throw new Error("it is not open");
    return this.#database;
  }

  #guarded<Args extends unknown[], Result>(what: string, run: (...args: Args) => Result): (...args: Args) => Promise<Result> {
    return async (...args) => {
      try {
        return run(...args);
      } catch (cause) {
        throw this.#unavailable(what, cause);
      }
    };
  }

  #unavailable(what: string, cause: unknown): ChatError {
    if (ChatError.is(cause)) return cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const isLocked = what === "open" && reason.includes("locked");
    const file = this.#options.filename;
    return new ChatError("unavailable", isLocked ? `unable to open ${file}; another server has it open, and a SQLite store serves one` : `unable to ${what} (${file}); ${reason}`, { cause });
  }
}
