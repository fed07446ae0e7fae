// @ts-check
import { createServer } from "node:http";
import { join } from "node:path";
import { createChatServer } from "@chat-widget/server";
import { sqliteStore } from "@chat-widget/server/sqlite";
import express from "express";
import { answerTo } from "./writer.js";

const port = Number(process.env.PORT ?? 3000);
const host = process.env.HOST ?? "127.0.0.1";
const filename = process.env.CHAT_DB ?? join(import.meta.dirname, "data", "chat.db");
const msPerWord = Number(process.env.BOT_MS_PER_WORD ?? 60);

const bot = { id: "bot", name: "Bot" };

const app = express();
app.disable("x-powered-by");
app.use(express.static(join(import.meta.dirname, "public")));

const server = createServer(app);
const chat = createChatServer(server, {
  store: sqliteStore({ filename }),
  guests: true,
  onEvent(roomId, event) {
    // Its own messages come by here as well.
    if (event.type === "message.sent" && event.author.id !== bot.id) void answer(roomId, event);
  },
});

/**
 * @param {string} roomId
 * @param {{ id: string, text: string }} question
 */
async function answer(roomId, { id, text }) {
  // A model's stream would go here: anything that gives pieces of text one after the other, such as
  //   const pieces = (await model.stream({ messages })).textStream;
  const pieces = answerTo(text, msPerWord);
  try {
    await chat.room(roomId).streamFrom(pieces, { author: bot, replyTo: id });
  } catch (error) {
    // What was written before is stored as it stands.
    console.error("the bot could not finish its answer:", error);
  }
}

server.once("error", (error) => {
  console.error(`unable to start the example; ${error.message}`);
  process.exit(1);
});
await chat.ready.catch((error) => {
  console.error(error.message);
  process.exit(1);
});

server.listen(port, host, () => console.log(`The bot waits at http://localhost:${port}; say hello to it. Ctrl+C stops it.`));

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await chat.close();
    server.close();
    server.closeAllConnections();
  });
}
