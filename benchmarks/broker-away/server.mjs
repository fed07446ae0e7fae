// One of two servers on one PostgreSQL, which hear of each other through Redis.
import { once } from "node:events";
import { createServer } from "node:http";
import { createChatServer, forAdapter } from "@chat-widget/server";
import { postgresStore } from "@chat-widget/server/postgres";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { answer, setup } from "../processes/answer.mjs";

const plenty = { burst: 1e9, perSecond: 1e9 };
const connect = () => createClient({ url: `redis://127.0.0.1:${setup.redisPort}` }).on("error", () => undefined).connect();
const [pub, sub] = [await connect(), await connect()];
const http = createServer();
const chat = createChatServer(http, {
  store: postgresStore({ connectionString: setup.database }),
  adapter: createAdapter(forAdapter(pub), forAdapter(sub)),
  guests: true,
  rates: { write: plenty, room: plenty, packets: plenty, read: plenty },
});
http.listen(0, "127.0.0.1");
await once(http, "listening");
await chat.ready;

answer({ port: () => http.address().port, status: () => chat.status() });
