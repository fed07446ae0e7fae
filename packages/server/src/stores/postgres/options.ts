import { ChatError } from "@chat-widget/protocol";
import { openPool, type PostgresPool } from "./client.js";

export interface PostgresStoreOptions {
  /** Where the database is, as in `postgres://user:password@host/database`. */
  connectionString?: string;
  /** Instead of `connectionString`: a `Pool` of `pg` that the application has. It is used and not ended. */
  pool?: PostgresPool;
  /** How many connections are made at most; 10 when left out. Not with `pool`. */
  poolSize?: number;
  /** The schema of the tables, made when missing: small letters, digits and underscores. `chat_widget` when left out. */
  schema?: string;
  /** Whether messages can be searched; true when left out. What is written without is not found later. */
  search?: boolean;
}

/** What a store is made of. */
export interface StoreParts {
  pool: PostgresPool;
  schema: string;
  isOwnPool: boolean;
  isSearchable: boolean;
}

/** What options mean for a store. @throws {ChatError} `invalid` */
export function partsOf(options: PostgresStoreOptions): StoreParts {
  const { connectionString, pool, poolSize = 10, schema = "chat_widget", search = true } = options;
  const mistake = (reason: string) => new ChatError("invalid", `unable to make a PostgreSQL store; ${reason}`);
  if ((typeof connectionString === "string") === (pool !== undefined)) throw mistake('give either `connectionString`, as in "postgres://user:password@host/database", or `pool`, a Pool of pg');
  if (!Number.isSafeInteger(poolSize) || poolSize < 1) throw mistake("`poolSize` is a whole number above 0");
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) throw mistake("`schema` has small letters, digits and underscores, and does not begin with a digit");
  if (typeof search !== "boolean") throw mistake("`search` is true or false");
  if (connectionString !== undefined) return { pool: openPool({ connectionString, max: poolSize }), isOwnPool: true, schema, isSearchable: search };
  if (typeof pool?.connect !== "function" || typeof pool.on !== "function") throw mistake("`pool` is a Pool of pg, not a client");
  return { pool, isOwnPool: false, schema, isSearchable: search };
}
