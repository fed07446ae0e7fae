import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createChatClient, defineEvents, type ChatClientOptions, type Logger } from "@chat-widget/client";
import { createChatServer, memoryStore, type ChatServer } from "@chat-widget/server";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import * as z from "zod";
import { webSocketTransport } from "../src/transport/web-socket-transport.js";
import { systemClock } from "../src/clock.js";
import { FaultyTransport } from "./faulty-transport.js";
import { seeded } from "./random.js";

const events = defineEvents({
  "poll.opened": { data: z.object({ question: z.string(), at: z.string().transform((text) => new Date(text)).optional() }), durable: true },
  "poll.closed": { data: z.null(), durable: true, from: "server" },
  "cursor.moved": { data: z.object({ x: z.number() }), durable: false },
});
const bot = { id: "bot", name: "Bot" };
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const generous = { burst: 100_000, perSecond: 100_000 };
const waitFor = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 10 });

/** A server that can end and come back at the same address with the same store. */
class RestartableServer {
  readonly #store = { ...memoryStore(), close: async () => {} };
  #http: Server = createServer();
  #port = 0;
  chat!: ChatServer<typeof events>;

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<this> {
    this.#http = createServer();
    this.chat = createChatServer(this.#http, { events, store: this.#store, guests: true, logger: silent, rates: { write: generous, join: generous, read: generous, packets: generous } });
    await once(this.#http.listen(this.#port, "127.0.0.1"), "listening");
    const address = this.#http.address();
    if (typeof address === "object" && address !== null) this.#port = address.port;
    return this;
  }

  async stop(): Promise<void> {
    await this.chat.close({ drainMs: 100 });
    this.#http.closeAllConnections();
    this.#http.close();
  }
}

async function startServer(): Promise<RestartableServer> {
  const server = await new RestartableServer().start();
  onTestFinished(() => server.stop());
  return server;
}

function startClient(server: RestartableServer, options: ChatClientOptions<typeof events> = {}) {
  const client = createChatClient({ url: `${server.origin}/chat`, events, logger: silent, random: () => 0, ...options });
  onTestFinished(() => client.close());
  return client;
}

const joined = (room: { getSnapshot(): { phase: string } }) => waitFor(() => expect(room.getSnapshot().phase).toBe("ready"));

/** Keeps the questions a room is told of, in the order told. */
function questionsOf(room: ReturnType<ReturnType<typeof startClient>["room"]>): string[] {
  const heard: string[] = [];
  room.on("poll.opened", ({ question }) => heard.push(question));
  return heard;
}

describe("a lasting event of the application", () => {
  it("reaches everyone who listens, as the schema gives it, and is there for those who come later", async () => {
    const server = await startServer();
    const [ann, bob] = [startClient(server, { guestName: "Ann" }).room("lobby"), startClient(server).room("lobby")];
    const handler = vi.fn<(data: { question: string; at?: Date | undefined }, from: { author: { name: string }; seq: number }) => void>();
    const own = vi.fn();
    const stop = bob.on("poll.opened", handler);
    ann.on("poll.opened", own);
    await Promise.all([joined(ann), joined(bob)]);
    const { seq, id } = await ann.publish("poll.opened", { question: "Tea?", at: "2026-01-01T00:00:00Z" });
    await waitFor(() => expect(handler).toHaveBeenCalledTimes(1));
    expect(handler.mock.calls[0]).toMatchObject([{ question: "Tea?", at: new Date("2026-01-01T00:00:00Z") }, { seq, id, author: { name: "Ann" } }]);
    await waitFor(() => expect(own).toHaveBeenCalledTimes(1));
    stop();
    await ann.publish("poll.opened", { question: "Coffee?" });
    await waitFor(() => expect(own).toHaveBeenCalledTimes(2));
    const late = startClient(server).room("lobby");
    const { events: read, more } = await late.readEvents("poll.opened", { limit: 1 });
    expect([read.map(({ data }) => data.question), more]).toEqual([["Coffee?"], true]);
    expect(handler).toHaveBeenCalledTimes(1);
    expect(bob.getSnapshot().messages).toEqual([]);
  });

  it("is delivered once and in order after an absence in which the server was another", async () => {
    const server = await startServer();
    const room = startClient(server).room("lobby");
    const heard = questionsOf(room);
    await joined(room);
    await room.publish("poll.opened", { question: "1" });
    await server.stop();
    const unsent = room.publish("poll.opened", { question: "3" });
    await server.start();
    await server.chat.room("lobby").publish("poll.opened", { question: "2" }, { author: bot });
    await unsent;
    await waitFor(() => expect(heard.toSorted()).toEqual(["1", "2", "3"]));
    expect(heard).toEqual((await room.readEvents("poll.opened")).events.map(({ data }) => data.question));
  });

  it("is delivered once and in order when the log leaps over it", { timeout: 40_000 }, async () => {
    const server = await startServer();
    const room = startClient(server).room("lobby");
    const heard = questionsOf(room);
    await joined(room);
    await room.publish("poll.opened", { question: "before" });
    await server.stop();
    await server.start();
    const away = server.chat.room("lobby");
    await away.publish("poll.opened", { question: "away 1" }, { author: bot });
    // More than is replayed to anybody.
    for (let start = 0; start < 2_400; start += 200) await Promise.all(Array.from({ length: 200 }, (_, index) => away.send({ author: bot, text: `${start + index}` })));
    await away.publish("poll.opened", { question: "away 2" }, { author: bot });
    await waitFor(() => expect(room.getSnapshot().messages.at(-1)?.text).toBe("2399"));
    await room.publish("poll.opened", { question: "after" });
    await waitFor(() => expect(heard).toEqual(["before", "away 1", "away 2", "after"]));
  });

  it.each([1, 2, 3])("is delivered once and in order over a bad network (seed %i)", { timeout: 60_000 }, async (seed) => {
    const server = await startServer();
    const random = seeded(seed);
    const network = new FaultyTransport(webSocketTransport({ origin: server.origin, path: "/chat/socket.io", namespace: "/" }, systemClock), random);
    const [ann, bob] = [startClient(server, { transport: network, random: () => random() / 20 }).room("lobby"), startClient(server).room("lobby")];
    const heard = [questionsOf(ann), questionsOf(bob)];
    await Promise.all([joined(ann), joined(bob)]);
    const asked = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? ann : bob).publish("poll.opened", { question: String(index) }));
    await Promise.all(asked);
    network.isCalm = true;
    const { events: log } = await server.chat.room("lobby").readEvents("poll.opened", { limit: 200 });
    expect(log).toHaveLength(60);
    for (const questions of heard) await waitFor(() => expect(questions).toEqual(log.map(({ data }) => data.question)));
    expect(network.faults).toBeGreaterThan(0);
  });

  it("is left out and counted in the log of warnings when it does not fit, and a handler that throws stops nothing", async () => {
    const server = await startServer();
    const warn = vi.fn<Logger["warn"]>();
    const error = vi.fn<Logger["error"]>();
    const stricter = defineEvents({ "poll.opened": { data: z.object({ question: z.enum(["Tea?", "Coffee?"]) }), durable: true } });
    const client = createChatClient({ url: `${server.origin}/chat`, events: stricter, logger: { warn, error } });
    onTestFinished(() => client.close());
    const room = client.room("lobby");
    const heard: string[] = [];
    room.on("poll.opened", ({ question }) => {
      heard.push(question);
      throw new Error("a mistake of the page");
    });
    await joined(room);
    for (const question of ["Tea?", "Water?", "Coffee?"]) await server.chat.room("lobby").publish("poll.opened", { question }, { author: bot });
    // A name this page does not know.
    await server.chat.room("lobby").publish("poll.closed", null, { author: bot });
    await waitFor(() => expect(heard).toEqual(["Tea?", "Coffee?"]));
    expect(warn.mock.calls.map(([, message]) => message)).toEqual(["left out an event of the application; its data does not fit its schema"]);
    await waitFor(() => expect(error).toHaveBeenCalledTimes(2));
    expect((await room.readEvents("poll.opened")).events).toHaveLength(2);
  });

  it("is refused here when it does not fit, and by the server when it is not ours to publish", async () => {
    const server = await startServer();
    const untyped = defineEvents({ "poll.opened": { data: z.any(), durable: true }, "poll.closed": { data: z.null(), durable: true } });
    const room = startClient(server).room("lobby");
    // @ts-expect-error its question is a string
    await expect(room.publish("poll.opened", { question: 1 })).rejects.toMatchObject({ code: "invalid", details: { issues: [expect.stringContaining("question")] } });
    // @ts-expect-error there is none by this name
    await expect(room.publish("poll.undone", {})).rejects.toMatchObject({ code: "not-found" });
    const careless = createChatClient({ url: `${server.origin}/chat`, events: untyped, logger: silent });
    onTestFinished(() => careless.close());
    await expect(careless.room("lobby").publish("poll.opened", { question: 1 })).rejects.toMatchObject({ code: "invalid" });
    await expect(careless.room("lobby").publish("poll.closed", null)).rejects.toMatchObject({ code: "forbidden" });
    const without = createChatClient({ url: `${server.origin}/chat`, logger: silent });
    onTestFinished(() => without.close());
    // @ts-expect-error it was given no events
    await expect(without.room("lobby").publish("poll.opened", {})).rejects.toThrow("was given no `events`");
  });
});

it("whispers reach the others, now and then and always the last", async () => {
  const server = await startServer();
  const [ann, bob] = [startClient(server).room("lobby"), startClient(server).room("lobby")];
  const [own, others] = [vi.fn(), vi.fn<(data: { x: number }) => void>()];
  ann.on("cursor.moved", own);
  bob.on("cursor.moved", others);
  await Promise.all([joined(ann), joined(bob)]);
  for (let x = 1; x <= 100; x += 1) void ann.whisper("cursor.moved", { x });
  await waitFor(() => expect(others.mock.calls.at(-1)?.[0]).toEqual({ x: 100 }));
  expect(others.mock.calls.length).toBeLessThan(10);
  expect(own).not.toHaveBeenCalled();
});
