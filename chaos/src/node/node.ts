// A server process. Started by ServerNode.
import { once } from "node:events";
import { appendFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createChatServer, type Logger } from "@chat-widget/server";
import { answer, setupOf } from "../processes/answer.ts";
import type { NodeSetup } from "./node-setup.ts";
import { openAdapter } from "./open-adapter.ts";
import { openStore } from "./open-store.ts";
import { readRoom } from "./read-store.ts";

const setup = setupOf<NodeSetup>();
const store = openStore(setup.store);
const generous = { burst: 1e6, perSecond: 1e6 };
const complaints: string[] = [];
const complain: Logger["error"] = ({ err }, message) => void complaints.push(err instanceof Error ? `${message}: ${err.message}` : message);

const http = createServer();
const chat = createChatServer(http, {
  store,
  ...(await openAdapter(setup.adapter)),
  authenticate: ({ token }) => (token === undefined ? undefined : { id: token, name: token }),
  rates: { write: generous, join: generous, read: generous, signal: generous, identity: generous, room: generous, packets: generous },
  logger: { debug() {}, info() {}, warn: complain, error: complain },
});
await chat.ready;
// Opened a second time only to be told who it is: opening is idempotent.
const { epoch } = await store.open();
await once(http.listen(setup.port, "127.0.0.1"), "listening");

const table = {
  port() {
    const address = http.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  },
  dump: (rooms: readonly string[]) => Promise.all(rooms.map((room) => readRoom(store, epoch, room))),
  async resources() {
    // Garbage is no leak.
    globalThis.gc?.();
    const connections = await new Promise<number>((resolve, reject) => http.getConnections((error, count) => (error ? reject(error) : resolve(count))));
    return { rss: process.memoryUsage().rss, connections };
  },
  complaints: () => complaints,
  /** Takes all the room that is left on the store's disk. */
  fillDisk() {
    for (const size of [1 << 20, 1 << 12, 1]) {
      try {
        for (;;) appendFileSync(setup.ballast, Buffer.alloc(size));
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
      }
    }
  },
  freeDisk: () => rmSync(setup.ballast),
  close: () => chat.close({ drainMs: 1_000 }),
};
export type NodeTable = typeof table;
answer(table);
