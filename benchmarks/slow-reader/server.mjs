// The server of a busy room; started with --expose-gc.
import { once } from "node:events";
import { createServer } from "node:http";
import { createChatServer } from "@chat-widget/server";
import { sqliteStore } from "@chat-widget/server/sqlite";
import { answer, setup } from "../processes/answer.mjs";

const plenty = { burst: 1e9, perSecond: 1e9 };
const http = createServer();
/** When connections ended. */
const endings = [];
createChatServer(http, {
  store: sqliteStore({ filename: setup.filename }),
  guests: true,
  rates: { write: plenty, room: plenty, packets: plenty, read: plenty },
  onDisconnect: () => endings.push(Date.now()),
});
http.listen(0, "127.0.0.1");
await once(http, "listening");

answer({
  port: () => http.address().port,
  /** Seconds from a moment until a connection ended; undefined when none did. */
  endedAfter(moment) {
    const ending = endings.find((time) => time >= moment);
    return ending === undefined ? undefined : Math.round((ending - moment) / 1_000);
  },
  memory() {
    globalThis.gc();
    const { rss, heapUsed, external } = process.memoryUsage();
    const mb = (bytes) => Number((bytes / 2 ** 20).toFixed(1));
    return { rssMb: mb(rss), heapMb: mb(heapUsed), externalMb: mb(external) };
  },
});
