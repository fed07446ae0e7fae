// @ts-check
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { createChatClient } from "@chat-widget/client";
import { createChatServer, memoryStore } from "@chat-widget/server";
import { expect, it, onTestFinished } from "vitest";
import { ensureProgram } from "../../scripts/ensure-program.mjs";

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const store = memoryStore();

/** @param {number} port */
async function startServer(port) {
  const http = createServer();
  const chat = createChatServer(http, { guests: true, store, logger });
  await once(http.listen(port, "127.0.0.1"), "listening");
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("unable to listen");
  const stop = async () => {
    await chat.close({ drainMs: 0 });
    http.close();
    http.closeAllConnections();
  };
  return { port: address.port, stop };
}

it("converses with our own client, goes on after the server was away, and says nothing twice", async () => {
  const first = await startServer(0);
  const client = createChatClient({ url: `http://127.0.0.1:${first.port}/chat`, logger });
  onTestFinished(() => client.close());
  const room = client.room("lobby");
  await room.send({ text: "hello from JavaScript" });

  const python = spawn(ensureProgram("python3"), [join(import.meta.dirname, "chat.py"), `ws://127.0.0.1:${first.port}/chat/socket.io/`, "lobby", "--name", "Monty", "--say", "hello from Python 🐍"]);
  onTestFinished(() => void python.kill("SIGKILL"));
  let printed = "";
  for (const output of [python.stdout, python.stderr]) output.on("data", (text) => (printed += text));
  const shown = () => room.getSnapshot().messages.map(({ author, text }) => `${author.name}: ${text}`);
  await expect.poll(() => shown().slice(1), { timeout: 10_000 }).toEqual(["Monty: hello from Python 🐍"]);
  await room.send({ text: "x".repeat(70) });
  await expect.poll(() => printed, { timeout: 10_000 }).toContain("x".repeat(70));
  expect(printed).toContain("hello from JavaScript");

  await first.stop();
  const second = await startServer(first.port);
  onTestFinished(second.stop);
  await room.send({ text: "back again" });
  await expect.poll(() => printed, { timeout: 20_000 }).toContain("back again");
  expect(shown().map((line) => line.split(": ")[1])).toEqual(["hello from JavaScript", "hello from Python 🐍", "x".repeat(70), "back again"]);
  for (const text of ["hello from JavaScript", "hello from Python 🐍", "back again"]) expect(printed.split(text)).toHaveLength(2);
}, 60_000);
