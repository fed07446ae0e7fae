import { once } from "node:events";
import { createServer } from "node:http";
import { createChatClient, type Room } from "@chat-widget/client";
import { createChatServer, memoryStore } from "@chat-widget/server";
import { expect, it, vi } from "vitest";
import { systemClock } from "../src/clock.js";
import { webSocketTransport } from "../src/transport/web-socket-transport.js";
import { FaultyTransport } from "./faulty-transport.js";
import { seeded } from "./random.js";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const emoji = ["👍", "🎉"] as const;

it.each([1, 2, 3])("three clients on a bad network end with the server's log, each command done once (seed %i)", { timeout: 60_000 }, async (seed) => {
  const random = seeded(seed);
  const store = memoryStore();
  const http = createServer();
  const generous = { burst: 100_000, perSecond: 100_000 };
  const chat = createChatServer(http, { store, guests: true, logger: silent, rates: { write: generous, join: generous, read: generous, signal: generous, identity: generous, packets: generous } });
  await once(http.listen(0, "127.0.0.1"), "listening");
  const address = http.address();
  const origin = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";

  const networks: FaultyTransport[] = [];
  const clients = [1, 2, 3].map(() => {
    const transport = new FaultyTransport(webSocketTransport({ origin, path: "/chat/socket.io", namespace: "/" }, systemClock), random);
    networks.push(transport);
    return createChatClient({ url: `${origin}/chat`, transport, random: () => random() / 20, logger: silent });
  });
  const rooms = clients.map((client) => client.room("storm"));

  const asked: Promise<unknown>[] = [];
  const texts: string[] = [];
  const act = (room: Room, n: number) => {
    const own = room.getSnapshot().messages.filter(({ isMine, deletedAt }) => isMine && deletedAt === undefined);
    const any = room.getSnapshot().messages.filter(({ delivery }) => delivery.state === "sent");
    const target = own[Math.floor(random() * own.length)];
    const other = any[Math.floor(random() * any.length)];
    const choice = random();
    if (choice < 0.15 && target !== undefined) asked.push(room.edit(target.id, `edited ${n}`));
    else if (choice < 0.2 && target !== undefined) asked.push(room.delete(target.id));
    else if (choice < 0.35 && other !== undefined) asked.push(room.react(other.id, emoji[Math.floor(random() * 2)] ?? "👍", random() < 0.7));
    else {
      texts.push(`message ${n}`);
      asked.push(room.send({ text: `message ${n}` }));
    }
  };
  for (let n = 0; n < 240; n++) {
    const room = rooms[Math.floor(random() * 3)];
    if (room !== undefined) act(room, n);
    if (random() < 0.5) await new Promise((resolve) => setTimeout(resolve, 10 * random()));
  }

  for (const network of networks) network.isCalm = true;
  const outcomes = await Promise.allSettled(asked);
  // What may rightly be refused: changing what somebody deleted in the meantime.
  const wrong = outcomes.filter((outcome) => outcome.status === "rejected" && outcome.reason.code !== "conflict");
  expect(wrong).toEqual([]);

  const log = await store.eventsAfter("storm", 0, 10_000);
  if (log.kind !== "events") throw new Error("the log was trimmed");
  const { messages: stored } = await store.messages("storm", { limit: 10_000 });
  await vi.waitFor(
    async () => {
      for (const room of rooms) {
        while (room.getSnapshot().hasOlder) await room.loadOlder();
        expect(room.getSnapshot().messages.map(({ delivery: _delivery, isMine: _isMine, mentionsMe: _mentionsMe, quote: _quote, ...message }) => message)).toEqual(stored);
      }
    },
    { timeout: 30_000, interval: 100 },
  );

  expect(log.events.map(({ seq }) => seq)).toEqual(log.events.map((_, index) => index + 1));
  expect(new Set(log.events.map(({ id }) => id)).size).toBe(log.events.length);
  expect(log.events.filter(({ type }) => type === "message.sent")).toHaveLength(texts.length);
  // Each client's messages come in the order it wrote them.
  for (const client of clients) {
    const own = log.events.flatMap((event) => (event.type === "message.sent" && event.author.id === client.getSnapshot().user?.id ? [event.id] : []));
    expect(own).toEqual(own.toSorted());
  }
  expect(networks.reduce((sum, { faults }) => sum + faults, 0)).toBeGreaterThan(50);

  await Promise.all(clients.map((client) => client.close()));
  await chat.close({ drainMs: 100 });
  http.closeAllConnections();
  http.close();
});
