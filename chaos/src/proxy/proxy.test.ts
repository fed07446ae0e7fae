import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { randomOf } from "../random.ts";
import { Proxy } from "./proxy.ts";

let proxy: Proxy;
let client: Socket;
let server: Socket;
let closeAll: () => Promise<void>;

beforeEach(async () => {
  const listening = createServer();
  await once(listening.listen(0, "127.0.0.1"), "listening");
  proxy = await Proxy.open(() => (listening.address() as AddressInfo).port, randomOf("proxy"));
  client = connect(Number(new URL(proxy.origin).port), "127.0.0.1");
  [server] = await once(listening, "connection");
  for (const socket of [client, server]) socket.on("error", () => {});
  closeAll = async () => {
    for (const socket of [client, server]) socket.destroy();
    await proxy.close();
    listening.close();
  };
});
afterEach(() => closeAll());

/** Resolves when it is over, however it ended. */
const over = (socket: Socket) => new Promise((resolve) => socket.on("close", resolve));

/** What arrives until there are so many bytes. */
async function receive(socket: Socket, count: number): Promise<string> {
  let text = "";
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += chunk;
    if (text.length >= count) break;
  }
  return text;
}

it("carries both ways", async () => {
  client.write("ping");
  expect(await receive(server, 4)).toBe("ping");
  server.write("pong");
  expect(await receive(client, 4)).toBe("pong");
});

it("keeps the order of what it delays", async () => {
  Object.assign(proxy.down, { latencyMs: 1, jitterMs: 20 });
  const words = Array.from({ length: 40 }, (_, n) => `${n} `.padEnd(4));
  for (const word of words) {
    server.write(word);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await receive(client, 160)).toBe(words.join(""));
});

it("lets no more through than the bandwidth allows, and everything in the end", async () => {
  proxy.down.bytesPerSecond = 400_000;
  const began = performance.now();
  server.write(Buffer.alloc(80_000, "x"));
  expect(await receive(client, 80_000)).toHaveLength(80_000);
  expect(performance.now() - began).toBeGreaterThan(150);
});

it("lets what is on its way pass at once when the network is well again", async () => {
  proxy.down.bytesPerSecond = 1;
  server.write(Buffer.alloc(50_000, "x"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  proxy.calm();
  expect(await receive(client, 50_000)).toHaveLength(50_000);
});

it("cuts after exactly so many bytes", async () => {
  client.write("x");
  await receive(server, 1);
  proxy.cutOneAfter(3);
  const ended = over(client);
  let text = "";
  client.on("data", (chunk) => (text += chunk));
  server.write("12345");
  await ended;
  expect(text).toBe("123");
});

it("swallows what a dead link is given, tells nobody that the other side has gone, and stays dead when the network is well again", async () => {
  client.write("x");
  await receive(server, 1);
  proxy.down.isDead = true;
  let text = "";
  client.on("data", (chunk) => (text += chunk));
  server.write("lost");
  client.write("up");
  expect(await receive(server, 2)).toBe("up");
  proxy.calm();
  server.destroy();
  client.write("anybody?");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([text, client.destroyed]).toEqual(["", false]);
});

it.each(["rst", "fin"] as const)("ends connections by %s", async (cut) => {
  client.write("x");
  await receive(server, 1);
  const gone = Promise.all([client, server].map((socket) => over(socket.resume())));
  proxy.cutAll(cut);
  await gone;
});
