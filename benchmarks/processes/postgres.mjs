import { rmSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { startPostgres } from "../../scripts/postgres.mjs";
import { atEnd } from "./at-end.mjs";
import { freePort } from "./free-port.mjs";

/** Starts a PostgreSQL as it is by default, every commit on the disk. Gives what makes a database and says where it is. */
export async function postgresIn(folder) {
  const own = join(folder, "postgres");
  const { url, stop } = await startPostgres({ folder: own, port: await freePort() });
  atEnd(async () => {
    await stop();
    rmSync(own, { recursive: true });
  });
  return async (name) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    return url.replace(/postgres$/, name);
  };
}
