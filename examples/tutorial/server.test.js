// @ts-check
import { once } from "node:events";
import { createChatClient } from "@chat-widget/client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { chat, server } from "./server.js";

/** @type {import("@chat-widget/client").ChatClient} */
let client;

beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("unable to listen");
  client = createChatClient({ url: `http://127.0.0.1:${address.port}/chat` });
});

afterAll(async () => {
  await client.close();
  await chat.close();
  server.close();
});

it("echoes a message to its sender", async () => {
  const room = client.room("lobby");
  await room.send({ text: "hello world" });
  expect(room.getSnapshot().messages.map((message) => message.text)).toEqual(["hello world"]);
});
