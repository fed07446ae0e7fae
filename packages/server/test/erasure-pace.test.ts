import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Append, ChatStore } from "../src/stores/chat-store.js";
import { postgresStore } from "../src/stores/postgres/postgres-store.js";
import { sqliteStore } from "../src/stores/sqlite/sqlite-store.js";
import { PostgresServer } from "./postgres-server.js";
import { startServer } from "./test-server.js";
import { WatchedStore } from "./watched-store.js";

// How long an erasure takes among many events is said by: ERASURE_EVENTS=100000 vitest run --project node --reporter=verbose packages/server/test/erasure-pace.test.ts
const count = Number(process.env["ERASURE_EVENTS"] ?? 2_000);
const rooms = 10;
/** One event of so many is of the user. */
const share = 100;

const sent = (n: number): Append => ({
  draft: { type: "message.sent", id: uuidv7(), author: n % share === 0 ? { id: "ann", name: "Annabel" } : { id: "bob", name: "Bob" }, text: `message ${n}, as long as most people write them` },
  at: 1_700_000_000_000 + n,
  fingerprint: "x",
});

const stores: Record<string, () => Promise<{ store: ChatStore; end: () => Promise<void> }>> = {
  async SQLite() {
    const folder = mkdtempSync(join(tmpdir(), "erasure-"));
    return { store: sqliteStore({ filename: join(folder, "chat.db") }), end: async () => rmSync(folder, { recursive: true }) };
  },
  async PostgreSQL() {
    const server = await PostgresServer.start();
    return { store: postgresStore({ connectionString: await server.createDatabase() }), end: () => server.stop() };
  },
};

describe.each(Object.entries(stores))("among many events in %s", (_name, open) => {
  let opened: Awaited<ReturnType<typeof open>>;
  let watched: WatchedStore;

  beforeAll(async () => {
    opened = await open();
    watched = new WatchedStore(opened.store);
    await watched.store.open();
    for (let n = 0; n < count; n += 500) await watched.store.append(`room-${(n / 500) % rooms}`, Array.from({ length: Math.min(500, count - n) }, (_, index) => sent(n + index)));
  }, 600_000);
  afterAll(async () => {
    await opened.store.close();
    await opened.end();
  });

  it("an erasure finds all of a user, a page at a time", { timeout: 600_000 }, async () => {
    const { chat } = await startServer({ store: watched.store });
    await chat.ready;
    const before = watched.count("allEvents");
    expect(await chat.users.erase("ann", { by: "support" })).toMatchObject({ messages: count / share, events: count / share });
    // What is deleted makes events too; all logs are looked through twice.
    expect(watched.count("allEvents") - before).toBeLessThanOrEqual(2 * Math.ceil((count * (1 + 1 / share)) / 500 + 2));
  });
});
