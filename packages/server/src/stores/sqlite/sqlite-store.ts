import { resolve } from "node:path";
import { ChatError } from "@chat-widget/protocol";
import type { Append, Appended, ChatStore } from "../chat-store.js";
import { GroupCommit } from "../group-commit.js";
import { DatabaseThread } from "./database-thread.js";
import { findDriver, type DriverName } from "./driver.js";
import type { SqliteDatabase } from "./sqlite-database.js";
import type { Method, ThreadOptions } from "./thread-messages.js";

export interface SqliteStoreOptions {
  /** The path of the database file; made with its folder when missing. `":memory:"` keeps nothing. */
  filename: string;
  /**
   * What an acknowledged message survives: `power-loss` (default) waits until the disk has it, `process` until the
   * operating system has it, which is faster and loses the last messages when the machine loses power.
   */
  durability?: "power-loss" | "process";
  /** Whether messages can be searched; true when left out. The index makes the database about 1.6 times as large and takes half of the most messages a second that it can take, which are thousands. What is written without it is not found later. */
  search?: boolean;
}

/**
 * A store in one SQLite file, for one server. A second server on the same file is refused. The database is used on a
 * thread of its own.
 *
 * Uses `node:sqlite` where Node has it (22.13 and newer), else the package `libsql`.
 * @throws {ChatError} `invalid` when an option is, or when there is neither `node:sqlite` nor `libsql`.
 */
export function sqliteStore(options: SqliteStoreOptions): ChatStore {
  return sqliteStoreOn(findDriver(), options);
}

/** The same on a driver of choice. */
export function sqliteStoreOn(driver: DriverName, options: SqliteStoreOptions): ChatStore {
  return new SqliteStore(threadOptions(driver, options));
}

/** Checks options and says what they mean for the database. @throws {ChatError} `invalid` */
export function threadOptions(driver: DriverName, options: SqliteStoreOptions): ThreadOptions {
  // Spread, so that nothing at all is like no options.
  const { filename, durability = "power-loss", search = true, ...unknown } = { ...options };
  if (typeof filename !== "string" || filename === "") {
    throw new ChatError("invalid", 'unable to make a SQLite store; give the path of its file, as in sqliteStore({ filename: "chat.db" })');
  }
  const [name] = Object.keys(unknown);
  if (name !== undefined) throw new ChatError("invalid", `unable to make a SQLite store; there is no option \`${name}\`, the options are filename, durability and search`);
  if (durability !== "power-loss" && durability !== "process") {
    throw new ChatError("invalid", 'unable to make a SQLite store; durability is "power-loss" or "process"');
  }
  if (typeof search !== "boolean") throw new ChatError("invalid", "unable to make a SQLite store; search is true or false");
  // Absolute, because a driver reads names like `file:…` or `libsql:…` as addresses, and the process may change its folder before it opens.
  return { driver, filename: filename === ":memory:" ? filename : resolve(filename), synchronous: durability === "power-loss" ? "full" : "normal", search };
}

class SqliteStore implements ChatStore {
  readonly #options: ThreadOptions;
  readonly #group = new GroupCommit((appends, moves) => this.#ask("write", "commit", appends, moves));
  #thread: DatabaseThread | undefined;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  async open(): ReturnType<ChatStore["open"]> {
    const thread = (this.#thread ??= new DatabaseThread(this.#options));
    try {
      return await thread.ask("identity");
    } catch (cause) {
      if (this.#thread === thread) this.#thread = undefined;
      await thread.end();
      if (ChatError.is(cause)) throw cause;
      throw new ChatError("unavailable", `unable to open ${this.#options.filename}; ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }

  append = (roomId: string, appends: readonly Append[]): Promise<Appended[]> => this.#group.append({ roomId, appends });
  moveReceipt = (roomId: string, userId: string, seq: number): Promise<void> => this.#group.move({ roomId, userId, seq });

  heads = this.#asking("heads", "read the heads of rooms");
  eventsAfter = this.#asking("eventsAfter", "read a log");
  eventsById = this.#asking("eventsById", "read a log");
  messages = this.#asking("messages", "read messages");
  messagesById = this.#asking("messagesById", "read messages");
  search = this.#asking("search", "search");
  receipts = this.#asking("receipts", "read receipts");
  reading = this.#asking("reading", "read read positions");
  receiptsOf = this.#asking("receiptsOf", "read receipts");
  forgetReader = this.#asking("forgetReader", "forget a read position");
  allEvents = this.#asking("allEvents", "read all logs");
  redact = this.#asking("redact", "take names out of a log");
  records = this.#asking("records", "read records");
  writeRecords = this.#asking("writeRecords", "write records");
  forget = this.#asking("forget", "forget what is old");

  async close(): Promise<void> {
    await this.#group.settled();
    const thread = this.#thread;
    if (thread === undefined) return;
    try {
      await this.#ask("close the store", "close");
    } finally {
      this.#thread = undefined;
      await thread.end();
    }
  }

  #asking<M extends Method>(method: M, what: string): (...args: Parameters<SqliteDatabase[M]>) => Promise<ReturnType<SqliteDatabase[M]>> {
    return (...args) => this.#ask(what, method, ...args);
  }

  async #ask<M extends Method>(what: string, method: M, ...args: Parameters<SqliteDatabase[M]>): Promise<ReturnType<SqliteDatabase[M]>> {
    try {
      if (this.#thread === undefined) throw new Error("the store is not open");
      // Whatever ended it, everything that was committed is in the file, and nothing else was told.
      if (this.#thread.hasEnded) this.#thread = new DatabaseThread(this.#options);
      return await this.#thread.ask(method, ...args);
    } catch (cause) {
      if (ChatError.is(cause)) throw cause;
      // Names no file and no reason: this message reaches users, its cause does not.
      throw new ChatError("unavailable", `unable to ${what}; the store's database cannot be used`, { cause });
    }
  }
}
