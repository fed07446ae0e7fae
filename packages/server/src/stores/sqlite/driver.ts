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
  close(): void;
}

export type DriverName = "node:sqlite" | "libsql";

/** Opens a database file with the SQLite of the runtime, or with the `libsql` package where the runtime has none. */
export function openDriver(filename: string, name?: DriverName): Driver {
  const nodeSqlite = name === "libsql" ? undefined : process.getBuiltinModule("node:sqlite");
  if (nodeSqlite !== undefined) {
    const database = new nodeSqlite.DatabaseSync(filename);
    return {
      exec: (sql) => database.exec(sql),
      prepare<Row extends Columns>(sql: string) {
        const statement: unknown = database.prepare(sql);
        // SQL has no types; every caller writes the columns and their Row side by side.
        return statement as Statement<Row>;
      },
      close: () => database.close(),
    };
  }
  const Libsql = requireLibsql();
  return new Libsql(filename);
}

function requireLibsql(): new (filename: string) => Driver {
  try {
    return createRequire(import.meta.url)("libsql");
  } catch (cause) {
    throw new ChatError("unavailable", "unable to open SQLite; this Node has none: install the package libsql, or use Node 22.13 or newer", { cause });
  }
}
