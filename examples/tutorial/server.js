// @ts-check
import { createServer } from "node:http";
import { join } from "node:path";
import { createChatServer } from "@chat-widget/server";
import express from "express";

const app = express();
app.get("/", (_request, response) => response.sendFile(join(import.meta.dirname, "index.html")));

export const server = createServer(app);
export const chat = createChatServer(server, {
  guests: true,
  onConnect: (user) => console.log("a user connected:", user.name),
  onDisconnect: (user) => console.log("a user disconnected:", user.name),
});
