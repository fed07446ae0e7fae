import { createRequire } from "node:module";
import { ChatError } from "@chat-widget/protocol";

/** What a column holds. */
export type Value = string | number | bigint | Uint8Array | null;

/** Columns by name. */
export type Columns = Record<string, Value>;

/** A prepared statement whose rows read as `Row`. */
export interface Statement<Row extends Columns> {
  run(...values: Value[]): unknown;
  get(...values: Value[]): Row | undefined;
  all(...values: Value[]): Row[];
}

/** A SQLite database, synchronous; the part that `node:sqlite` and `libsql` have in common. */
export interface Driver {
  exec(sql: string): void;
  /** The caller names the columns of the SQL in `Row`. */
  prepare<Row extends Columns>(sql: string): Statement<Row>;
  /** On `libsql` 0.5 the file stays open until its statements are collected: https://github.com/tursodatabase/libsql-js/issues/228. */
  close(): void;
}

/** Opens a database file, which is made when missing. */
export type OpenDriver = (filename: string) => Driver;

/** The drivers there are: a thread is told which one by its name. */
export const drivers = { "node:sqlite": nodeSqlite, libsql: () => libsql() } satisfies Record<string, () => OpenDriver>;
export type DriverName = keyof typeof drivers;

/** The SQLite of the runtime, or the `libsql` package where the runtime has none. @throws {ChatError} `invalid` when there is neither */
export function findDriver(): DriverName {
  if (process.getBuiltinModule("node:sqlite") !== undefined) return "node:sqlite";
  libsql();
  return "libsql";
}

function nodeSqlite(): OpenDriver {
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  return (filename) => {
    const database = new DatabaseSync(filename);
    return {
      exec: (sql) => database.exec(sql),
      prepare<Row extends Columns>(sql: string) {
        const statement: unknown = database.prepare(sql);
        // SQL has no types; every caller writes the columns and their Row side by side.
        return statement as Statement<Row>;
      },
      close: () => database.close(),
    };
  };
}

type DriverClass = new (filename: string) => Driver;

/** `load` finds a package by its name. @throws {ChatError} `invalid` when it is not installed */
export function libsql(load: (name: string) => DriverClass = createRequire(import.meta.url)): OpenDriver {
  try {
    const Libsql = load("libsql");
    return (filename) => new Libsql(filename);
  } catch (cause) {
    throw new ChatError("invalid", "unable to make a SQLite store; this Node has no SQLite: install the package libsql, or use Node 22.13 or newer", { cause });
  }
}
