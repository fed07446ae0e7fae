import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { type RunningPostgres, startPostgres } from "../../../scripts/postgres.mjs";

/** A PostgreSQL of the tests' own. */
export class PostgresServer {
  readonly #postgres: RunningPostgres;
  readonly #folder: string;
  #databases = 0;

  private constructor(postgres: RunningPostgres, folder: string) {
    this.#postgres = postgres;
    this.#folder = folder;
  }

  static async start(): Promise<PostgresServer> {
    const folder = await mkdtemp(join(tmpdir(), "postgres-"));
    return new PostgresServer(await startPostgres({ folder, port: await freePort() }), folder);
  }

  /** A database of its own; gives where it is. */
  async createDatabase(): Promise<string> {
    const name = `test_${(this.#databases += 1)}`;
    await this.#query(`create database ${name}`);
    return this.#postgres.url.replace(/postgres$/, name);
  }

  /** Ends every connection to the server but the one that asks for it. */
  async terminateConnections(): Promise<number> {
    const rows = await this.#query("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'");
    return rows.length;
  }

  /** As when the machine goes and comes. */
  restart(): Promise<void> {
    return this.#postgres.restart();
  }

  async stop(): Promise<void> {
    await this.#postgres.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #query(sql: string): Promise<unknown[]> {
    const client = new Client({ connectionString: this.#postgres.url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("unable to find a free port; the probe has none");
  return address.port;
}
