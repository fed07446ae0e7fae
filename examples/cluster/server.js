// @ts-check
// One server of several: the same program on every machine, with one database and one Redis for all.
import { createServer } from "node:http";
import { createChatServer, forAdapter } from "@chat-widget/server";
import { postgresStore } from "@chat-widget/server/postgres";
import { createAdapter } from "@socket.io/redis-adapter";
import express from "express";
import { createClient } from "redis";

const { PORT = "3001", DATABASE_URL = "", REDIS_URL = "redis://127.0.0.1:6379", PAGE_ORIGIN, CHAT_ORIGIN } = process.env;

const redis = createClient({ url: REDIS_URL });
const subscriber = redis.duplicate();
await Promise.all([redis, subscriber].map((client) => client.on("error", (error) => console.error(`redis: ${error.message}`)).connect()));

const server = createServer(express().disable("x-powered-by").use(express.static(new URL("public", import.meta.url).pathname)));
const chat = createChatServer(server, {
  store: postgresStore({ connectionString: DATABASE_URL }),
  adapter: createAdapter(forAdapter(redis), forAdapter(subscriber)),
  guests: true,
  // Pages of the site's own host name, and of the one that the chat is also reached by.
  ...(PAGE_ORIGIN && CHAT_ORIGIN && { allowedOrigins: [PAGE_ORIGIN, CHAT_ORIGIN] }),
});
await chat.ready;
server.listen(Number(PORT), "127.0.0.1", () => console.log(`node ${process.pid} listens on ${PORT}`));

process.once("SIGTERM", async () => {
  await chat.close();
  server.close();
  server.closeAllConnections();
  await Promise.all([redis.close(), subscriber.close()]);
});
