import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
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
    await this.query(`create database ${name}`);
    return this.#postgres.url.replace(/postgres$/, name);
  }

  /** Ends every connection to the server but the one that asks for it. */
  async terminateConnections(): Promise<number> {
    const rows = await this.query("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'");
    return rows.length;
  }

  /** As when the machine goes and comes. */
  restart(options: { isCrash?: boolean } = {}): Promise<void> {
    return this.#postgres.restart(options);
  }

  /** From now on there is a standby, which has what was committed so far and hears no more. */
  async keepStandby(): Promise<void> {
    await this.#postgres.restart({ whileDown: (data) => this.#copy(data, this.#standby) });
  }

  /** The server is gone, with all that the standby did not hear of. The standby stands at its address, and is only read from. */
  async loseToStandby(): Promise<void> {
    const takePlace = (data: string) => {
      rmSync(data, { recursive: true });
      this.#copy(this.#standby, data);
      writeFileSync(join(data, "standby.signal"), "");
    };
    await this.#postgres.restart({ isCrash: true, whileDown: takePlace });
  }

  /** Makes the standby the server, which begins a new timeline. */
  async promote(): Promise<void> {
    await this.query("select pg_promote()");
  }

  /** What happens to a server whose standby was behind. */
  async failOver(): Promise<void> {
    await this.loseToStandby();
    await this.promote();
  }

  async stop(): Promise<void> {
    await this.#postgres.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #standby(): string {
    return join(this.#folder, "standby");
  }

  /** With owners and rights, on which PostgreSQL insists. */
  #copy(from: string, to: string): void {
    rmSync(to, { recursive: true, force: true });
    execFileSync("cp", ["-a", from, to]);
  }

  /** Runs SQL in the database `postgres`, or in another one. */
  async query(sql: string, connectionString = this.#postgres.url): Promise<unknown[]> {
    const client = new Client({ connectionString });
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
