// The server of a chat as it is set up by default, with limits per address.
import { once } from "node:events";
import { createServer } from "node:http";
import { createChatServer } from "@chat-widget/server";
import { sqliteStore } from "@chat-widget/server/sqlite";
import { answer, setup } from "../processes/answer.mjs";

const http = createServer();
const silent = { debug() {}, info() {}, warn() {}, error: console.error };
createChatServer(http, { store: sqliteStore({ filename: setup.filename }), guests: true, perAddress: { proxies: 0 }, logger: silent });
http.listen(0, "0.0.0.0");
await once(http, "listening");

answer({ port: () => http.address().port });
