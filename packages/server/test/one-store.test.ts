import { join } from "node:path";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ChatStore } from "../src/stores/chat-store.js";
import { memoryStore } from "../src/stores/memory-store.js";
import { sqliteStore } from "../src/stores/sqlite/sqlite-store.js";
import { connect } from "./test-client.js";
import { startServer } from "./test-server.js";
import { WatchedStore } from "./watched-store.js";

const roomId = "lobby";

function sqliteFile(): ChatStore {
  const folder = mkdtempSync(join(tmpdir(), "one-store-"));
  const store = sqliteStore({ filename: join(folder, "chat.db") });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  return store;
}

describe.each([
  ["in memory", memoryStore],
  ["SQLite", sqliteFile],
])("two servers on one store %s", (_name, makeStore) => {
  it("tell the same order without a hole while both write, and read what the other wrote once each", async () => {
    const watched = new WatchedStore(makeStore());
    const servers = [await startServer({ store: watched.store }), await startServer({ store: watched.store })];
    const clients = await Promise.all([0, 0, 1, 1].map((index) => connect(servers[index]?.origin ?? "")));
    for (const client of clients) await client.ask("room:join", { roomId });
    watched.takeReads();
    for (let n = 0; n < 30; n++) await Promise.all(clients.map((client, index) => client.send(roomId, `${index} ${n}`)));
    // The last of each server's own makes it see what the other wrote.
    await clients[0]?.send(roomId, "last but one");
    await clients[3]?.send(roomId, "last");
    const everything = Array.from({ length: 121 }, (_, index) => index + 1);
    await expect.poll(() => clients.map((client) => client.events(roomId).slice(0, 121).map(({ seq }) => seq)), { timeout: 10_000 }).toEqual(clients.map(() => everything));
    const { eventsAfter = 0 } = watched.takeReads();
    expect(eventsAfter).toBeGreaterThan(0);
    expect(eventsAfter).toBeLessThan(60);
  });
});
