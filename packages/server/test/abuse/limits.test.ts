import { createServer } from "node:http";
import { Server } from "socket.io";
import { describe, expect, it, vi } from "vitest";
import { createChatServer } from "../../src/chat-server.js";
import { connect, refusalOf } from "../test-client.js";
import { LogBook, listen, startServer } from "../test-server.js";
import { underOracle } from "./oracle.js";
import { Poller, open } from "./request.js";

const silent = { guests: true, logger: new LogBook() };
const few = { burst: 5, perSecond: 0.01 };

/** Takes so many places, as soon as those who had them are gone. */
async function fill(port: number, places: Poller[], count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      while (places.length < count) places.push(await Poller.open(port));
    },
    { timeout: 10_000, interval: 5 },
  );
}

describe("13. Connection caps", () => {
  it("takes no more connections than it may in all, says when to come again, and has room when one is gone", async () => {
    await underOracle({ connections: { total: 3 } }, async ({ port, log }) => {
      for (let round = 0; round < 50; round++) {
        // The canary has the third place.
        const places: Poller[] = [];
        await fill(port, places, 2);
        const refused = await open(port, "polling", []);
        expect(refused).toMatchObject({ status: 503, headers: { "retry-after": "10" } });
        expect(JSON.parse(refused.body)).toMatchObject({ error: { code: "unavailable", retry: "same", retryAfterMs: 10_000 } });
        expect(await open(port, "websocket", [])).toMatchObject({ status: 503, headers: { "retry-after": "10" } });
        for (const place of places) expect((await place.post("1")).status).toBe(200);
        await vi.waitFor(async () => expect((await open(port, "websocket", [])).status).toBe(101));
      }
      expect(log.messages("warn").filter((message) => message.includes("connections.total"))).toHaveLength(1);
    });
  });

  it("counts rightly over thousands that come and go, a hundred at a time, where seven may", async () => {
    await underOracle({ connections: { total: 8 }, perAddress: { proxies: 0, connections: 8, connect: { burst: 10_000, perSecond: 10_000 } } }, async ({ port }) => {
      for (let round = 0; round < 30; round++) {
        const answers = await Promise.all(Array.from({ length: 100 }, () => open(port, "websocket", [])));
        expect(answers.some(({ status }) => status === 101)).toBe(true);
        expect(answers.every(({ status }) => status === 101 || status === 503 || status === 429)).toBe(true);
      }
      const places: Poller[] = [];
      await fill(port, places, 7);
      expect((await open(port, "polling", [])).status).toBe(503);
      for (const place of places) await place.post("1");
    });
  });

  it("refuses the newest connection of a user who has as many as they may, and nobody else", async () => {
    const authenticate = ({ token = "" }) => ({ id: token, name: "Somebody" });
    await underOracle({ guests: false, authenticate, connections: { perUser: 3 } }, async ({ origin }) => {
      const tabs = [];
      for (let n = 0; n < 3; n++) tabs.push(await connect(origin, { token: "ann" }));
      expect(await refusalOf(connect(origin, { token: "ann" }))).toMatchObject({ code: "rate-limited", retry: "same", retryAfterMs: 10_000 });
      await connect(origin, { token: "bob" });
      tabs[1]?.close();
      await vi.waitFor(() => connect(origin, { token: "ann" }));
      expect([tabs[0]?.socket.connected, tabs[2]?.socket.connected]).toEqual([true, true]);
    });
  });

  it("lets no more in of a user who opens many at once", async () => {
    const authenticate = async ({ token = "" }) => ({ id: token, name: "Somebody" });
    let open = 0;
    await underOracle({ guests: false, authenticate, connections: { perUser: 3 }, onConnect: () => void (open += 1) }, async ({ origin }) => {
      open = 0;
      await Promise.allSettled(Array.from({ length: 30 }, () => Promise.race([connect(origin, { token: "ann" }), new Promise((_resolve, reject) => setTimeout(reject, 2_000))])));
      expect(open).toBe(3);
    });
  });

  it("counts the connections of an application's own Socket.IO too", async () => {
    const http = createServer();
    const io = new Server(http);
    const chat = createChatServer(io, { ...silent, connections: { total: 1 } });
    const { origin } = await listen(http);
    const first = await connect(origin, { path: "/socket.io", namespace: "/chat" });
    expect(await refusalOf(connect(origin, { path: "/socket.io", namespace: "/chat" }))).toMatchObject({ code: "unavailable", retryAfterMs: 10_000 });
    first.close();
    await vi.waitFor(() => connect(origin, { path: "/socket.io", namespace: "/chat" }));
    await chat.close({ drainMs: 0 });
    await io.close();
  });
});

describe("59. Rate floods", () => {
  it("of one room stop neither another room nor the reading of that one", async () => {
    const { origin } = await startServer({ rates: { room: { burst: 10, perSecond: 0.01 } } });
    const people = await Promise.all(Array.from({ length: 4 }, () => connect(origin)));
    for (const person of people) for (const roomId of ["loud", "calm"]) await person.ask("room:join", { roomId });
    const sent = await Promise.allSettled(people.flatMap((person) => Array.from({ length: 5 }, () => person.send("loud", "la"))));
    expect(sent.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
    const [ann, bob] = people;
    if (ann === undefined || bob === undefined) throw new Error("unable to go on; nobody is there");
    expect(await refusalOf(ann.send("loud", "once more"))).toMatchObject({ code: "rate-limited", retry: "same", retryAfterMs: expect.any(Number) });
    expect(await ann.send("calm", "hush")).toMatchObject({ seq: 1 });
    expect(await bob.ask("history:read", { roomId: "loud" })).toMatchObject({ messages: expect.any(Array) });
  });

  it("spend nothing of a room that the one who floods has not open", async () => {
    const { origin } = await startServer({ rates: { room: { burst: 1, perSecond: 0.01 } } });
    const [ann, eve] = [await connect(origin), await connect(origin)];
    await ann.ask("room:join", { roomId: "hers" });
    for (let n = 0; n < 5; n++) expect(await refusalOf(eve.send("hers", "la"))).toMatchObject({ code: "forbidden" });
    expect(await ann.send("hers", "hello")).toMatchObject({ seq: 1 });
  });

  it("of one address stop nobody of another, however many guests it makes up", async () => {
    const { origin } = await startServer({ perAddress: { proxies: 1, commands: few } });
    const from = (address: string) => connect(origin, { headers: { "X-Forwarded-For": address } });
    const crowd = await Promise.all(Array.from({ length: 5 }, () => from("203.0.113.9")));
    const outcomes = await Promise.allSettled(crowd.flatMap((person) => [person.ask("room:join", { roomId: "lobby" }), person.ask("room:join", { roomId: "other" })]));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
    const ann = await from("203.0.113.10");
    expect(await ann.ask("room:join", { roomId: "lobby" })).toMatchObject({ receipts: [] });
  });
});
