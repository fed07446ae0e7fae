import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { Client } from "pg";
import { startPostgres } from "../../../scripts/postgres.mjs";
import type { OpenGround } from "./ground.ts";
import { Redis } from "./redis.ts";

/** One PostgreSQL, and a Redis between the servers. */
export const clusterGround: OpenGround = async (folder) => {
  const diskFolder = join(folder, "store");
  mkdirSync(diskFolder);
  const redis = new Redis(await freePort());
  const postgres = await startPostgres({ folder: join(diskFolder, "postgres"), port: await freePort() });
  await redis.start();
  return {
    store: { kind: "postgres", url: postgres.url },
    adapter: { kind: "redis", url: redis.url },
    diskFolder,
    broker: redis,
    database: {
      crash: () => postgres.restart({ isCrash: true }),
      async cutConnections() {
        const client = new Client({ connectionString: postgres.url });
        await client.connect();
        await client.query("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'");
        await client.end();
      },
    },
    async close() {
      await Promise.all([redis.kill(), postgres.stop()]);
    },
  };
};

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (typeof address !== "object" || address === null) throw new Error("unable to find a free port");
  return address.port;
}
