import { createRequire } from "node:module";
import { ChatError } from "@chat-widget/protocol";

/** What the store asks of a connection; a client of `pg` fits as it is. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
  on(event: "error", listener: (error: Error) => void): unknown;
  /** With an error the connection is closed instead of kept. */
  release(error?: Error | boolean): void;
}

/** What the store asks of a pool; a `Pool` of `pg` fits as it is. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  end(): Promise<void>;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "connect", listener: (client: PostgresClient) => void): unknown;
}

interface PoolOptions {
  connectionString: string;
  max: number;
}

/** Longer than any statement of the store should take, shorter than a server waits for its store. */
const statementMs = 8_000;

type PoolClass = new (options: Record<string, unknown>) => PostgresPool;

/** A pool of the package `pg`. `load` finds a package by its name. @throws {ChatError} `invalid` when it is not installed */
export function openPool({ connectionString, max }: PoolOptions, load: (name: string) => { Pool: PoolClass } = createRequire(import.meta.url)): PostgresPool {
  let pg: { Pool: PoolClass };
  try {
    pg = load("pg");
  } catch (cause) {
    throw new ChatError("invalid", "unable to make a PostgreSQL store; install the package pg", { cause });
  }
  const pool = new pg.Pool({
    connectionString,
    max,
    application_name: "chat-widget",
    connectionTimeoutMillis: 5_000,
    statement_timeout: statementMs,
    // For a server that has gone without a word.
    query_timeout: statementMs + 1_000,
    keepAlive: true,
  });
  pool.on("error", () => undefined);
  return pool;
}

/** Whether the same transaction may do better, or its outcome is not known: a lost connection, a deadlock, a server that starts or stops. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return /^(?:08|57P0|40001|40P01|ECONN|EPIPE|ETIMEDOUT)/.test(code) || /connection terminated|timeout exceeded|read timeout/i.test(error.message);
}
