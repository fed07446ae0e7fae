// @ts-check
import { createServer } from "node:http";
import { join } from "node:path";
import { createChatServer } from "@chat-widget/server";
import { sqliteStore } from "@chat-widget/server/sqlite";
import express from "express";

const port = Number(process.env.PORT ?? 3000);
const host = process.env.HOST ?? "127.0.0.1";
const filename = process.env.CHAT_DB ?? join(import.meta.dirname, "data", "chat.db");

const app = express();
app.disable("x-powered-by");
app.use((_request, response, next) => {
  response.setHeader(
    "Content-Security-Policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' https: data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types lit-html 'allow-duplicates'",
  );
  next();
});
app.use(express.static(join(import.meta.dirname, "public")));

const server = createServer(app);
const chat = createChatServer(server, { store: sqliteStore({ filename }), guests: true });

server.once("error", (error) => {
  console.error(`unable to start the example; ${error.message}`);
  process.exit(1);
});
await chat.ready.catch((error) => {
  console.error(error.message);
  process.exit(1);
});
server.listen(port, host, () => console.log(`The chat runs at http://localhost:${port}; open it in two windows. Ctrl+C stops it.`));

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await chat.close();
    server.close();
    server.closeAllConnections();
  });
}
