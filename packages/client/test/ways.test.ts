import { once } from "node:events";
import { createServer, request } from "node:http";
import { createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { createChatClient } from "@chat-widget/client";
import { createChatServer } from "@chat-widget/server";
import { expect, it, onTestFinished } from "vitest";
import { webSocketTransport } from "../src/transport/web-socket-transport.js";
import { ManualClock, settle } from "./manual-clock.js";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("not listening");
  return address.port;
}

it("gets through a proxy that knows nothing of WebSocket", async () => {
  const http = createServer();
  const chat = createChatServer(http, { guests: true, logger: silent });
  await once(http.listen(0, "127.0.0.1"), "listening");
  let refused = 0;
  const proxy = createServer((incoming, response) => {
    const { url: path, method, headers } = incoming;
    const onward = request({ port: portOf(http), host: "127.0.0.1", path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    incoming.pipe(onward);
  });
  proxy.on("upgrade", (_request, socket) => {
    refused += 1;
    socket.destroy();
  });
  await once(proxy.listen(0, "127.0.0.1"), "listening");
  const client = createChatClient({ url: `http://127.0.0.1:${portOf(proxy)}/chat`, logger: silent, random: () => 0 });
  onTestFinished(async () => {
    await client.close();
    await chat.close({ drainMs: 100 });
    for (const server of [proxy, http]) {
      server.closeAllConnections();
      server.close();
    }
  });
  expect(await client.room("lobby").send({ text: "hello" })).toMatchObject({ seq: 1 });
  expect(refused).toBe(1);
});

it("does not wait for ever for a server that takes the connection and says nothing", async () => {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => void sockets.push(socket));
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const clock = new ManualClock();
  const errors: string[] = [];
  webSocketTransport({ origin: `http://127.0.0.1:${portOf(server)}`, path: "/chat/socket.io", namespace: "/" }, clock).connect({ protocol: [1] }, { onEvent() {}, onClose: ({ message }) => errors.push(message) });
  while (sockets.length === 0) await settle();
  await clock.pass(9_999);
  expect(errors).toEqual([]);
  await clock.pass(60_000);
  expect(errors).toEqual([expect.stringContaining("fell silent")]);
});
