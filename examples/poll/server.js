// @ts-check
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createChatServer } from "@chat-widget/server";
import { sqliteStore } from "@chat-widget/server/sqlite";
import express from "express";
import { events } from "./public/events.js";

const port = Number(process.env.PORT ?? 3000);
const host = process.env.HOST ?? "127.0.0.1";
const filename = process.env.CHAT_DB ?? join(import.meta.dirname, "data", "chat.db");

const app = express();
app.disable("x-powered-by");
app.use(express.static(join(import.meta.dirname, "public")));
// The page has no build; its import map finds the schemas' library here.
app.use("/zod", express.static(dirname(fileURLToPath(import.meta.resolve("zod/package.json")))));

const server = createServer(app);
const chat = createChatServer(server, { store: sqliteStore({ filename }), guests: true, events });

server.once("error", (error) => {
  console.error(`unable to start the example; ${error.message}`);
  process.exit(1);
});
await chat.ready.catch((error) => {
  console.error(error.message);
  process.exit(1);
});

const lobby = chat.room("lobby");
const { events: polls } = await lobby.readEvents("poll.opened", { limit: 1 });
if (polls.length === 0) {
  await lobby.publish("poll.opened", { question: "What do you drink at work?", options: ["Coffee", "Tea", "Water"] }, { author: { id: "poll", name: "Poll" } });
}
server.listen(port, host, () => console.log(`The poll is at http://localhost:${port}; open it in two windows. Ctrl+C stops it.`));

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await chat.close();
    server.close();
    server.closeAllConnections();
  });
}
