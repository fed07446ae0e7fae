import { createServer } from "node:http";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { defaultLimits } from "@chat-widget/protocol";
import { createChatServer } from "../src/chat-server.js";
import { resolveOptions } from "../src/resolve-options.js";
import { defaultRates } from "../src/session/rate-limit.js";
import { Poller, ask, open } from "./abuse/request.js";
import { connect, refusalOf } from "./test-client.js";
import { LogBook, listen, startServer } from "./test-server.js";
import { Wire } from "./wire.js";

// What a server does that was told nothing but how people sign in. The numbers are those of the list of things to do
// first (1 to 15), and `§6` with a word those of the table of defaults, from which docs/security.md was written.

/** A server with nothing but its defaults; guests, so that somebody can connect. */
const start = () => startServer({});

describe("safe defaults", () => {
  it("1. Origins: only the server's own, on every transport; §6 origins", async () => {
    const { port, origin } = await start();
    for (const transport of ["polling", "websocket"] as const) {
      for (const other of ["https://evil.example", "null", "http://127.0.0.1:1", origin.replace("http:", "https:")]) {
        const expected = other.startsWith("https://127") ? 200 : 403;
        const { status } = await open(port, transport, ["Origin", other]);
        // Behind a proxy the server cannot see that the page came by https.
        expect([transport, other, status === 101 ? 200 : status]).toEqual([transport, other, expected]);
      }
    }
  });

  it("1. Missing origin: with cookies only when the browser says it is the same site; §6 missing origin", async () => {
    const { port } = await start();
    expect((await open(port, "polling", ["Cookie", "sid=1", "Sec-Fetch-Site", "cross-site"])).status).toBe(403);
    expect((await open(port, "polling", ["Cookie", "sid=1", "Sec-Fetch-Site", "same-origin"])).status).toBe(200);
    expect((await open(port, "polling", [])).status).toBe(200);
  });

  it("1. No page of another origin is told that it may read an answer; §6 origins", async () => {
    const { port } = await start();
    for (const name of ["healthz", "widget.js", "socket.io/?EIO=4&transport=polling"]) {
      const { headers } = await ask(port, `/chat/${name}`, { headers: ["Origin", "https://evil.example"] });
      expect(headers["access-control-allow-credentials"]).toBeUndefined();
    }
  });

  it("2. JSONP is refused, with `nosniff`; §6 JSONP", async () => {
    const { port } = await start();
    const { status, headers } = await open(port, "polling", [], "&j=0");
    expect([status, headers["x-content-type-options"]]).toEqual([403, "nosniff"]);
  });

  it("3. One CONNECT for each connection; §6 caps", async () => {
    const { port } = await start();
    const wire = await Wire.open(port);
    wire.send('40{"protocol":[1]}');
    await wire.ends();
  });

  it("4. Every packet is counted: 500 at once and 50 a second; §6 packet budget", async () => {
    expect(defaultRates.packets).toEqual({ burst: 500, perSecond: 50 });
    const { port } = await start();
    const wire = await Wire.open(port);
    for (let n = 0; n < 1_000; n++) wire.send("6");
    await wire.ends();
  });

  it("5. What makes no sense is answered or ends its connection, never the process; §6 Node process", async () => {
    const before = process.listenerCount("uncaughtException") + process.listenerCount("unhandledRejection");
    const { port } = await start();
    expect(process.listenerCount("uncaughtException") + process.listenerCount("unhandledRejection")).toBe(before);
    for (const packet of ["42", "421", '42["error",null]', '421["message:send",null]']) {
      const wire = await Wire.open(port);
      for (let n = 0; n < 3; n++) wire.send(packet);
      await Promise.race([wire.ends(), wire.reply(1)]);
    }
  });

  it("6. Socket.IO's own recovery, which asks nobody, is off; §6 recovery", async () => {
    const { port } = await start();
    const { received } = await Wire.open(port);
    // A server that recovers sends a `pid` besides.
    expect(JSON.parse(received[1]?.slice(2) ?? "")).toEqual({ sid: expect.any(String) });
  });

  it("8. Binary packets close their connection; §6 attachments", async () => {
    const { port } = await start();
    const wire = await Wire.open(port);
    wire.send('451-["message:send",{"_placeholder":true,"num":0}]');
    await wire.ends();
  });

  it("9, 10. Depth and width are bounded before anything is made of them, and at most five faults are told", async () => {
    const { port } = await start();
    const wire = await Wire.open(port);
    wire.send(`421["message:send",${"[".repeat(30_000)}${"]".repeat(30_000)}]`);
    expect(JSON.stringify(await wire.reply(1)).length).toBeLessThan(1_024);
    wire.send(`422["room:write",{${Array.from({ length: 2_000 }, (_, n) => `"k${n}":1`).join(",")}}]`);
    expect(JSON.stringify(await wire.reply(2)).length).toBeLessThan(1_024);
  });

  it("12. In production nobody is let in whom nobody knows, unless it is said; §6 auth", () => {
    const make = (isProduction: boolean, options = {}) => resolveOptions({ logger: new LogBook(), ...options }, isProduction);
    expect(() => make(true)).toThrow("in production this is never assumed");
    expect(make(true, { guests: true }).guests).toBe(true);
    expect(make(false).guests).toBe(true);
    expect(make(false, { authenticate: () => undefined }).guests).toBe(false);
  });

  it("12. No token is taken from an address; §6 token", async () => {
    const authenticate = vi.fn(() => undefined);
    const { port } = await startServer({ guests: false, authenticate });
    const socket = new WebSocket(`ws://127.0.0.1:${port}/chat/socket.io/?EIO=4&transport=websocket&token=secret`);
    onTestFinished(() => socket.close());
    socket.addEventListener("open", () => socket.send('40{"protocol":[1]}'));
    await vi.waitFor(() => expect(authenticate).toHaveBeenCalledWith(expect.not.objectContaining({ token: "secret" })));
  });

  it("14. Who one is, is never taken from the client", async () => {
    const { origin } = await start();
    const eve = await connect(origin, { auth: { protocol: [1], id: "admin", roles: ["admin"], user: { id: "admin" } } });
    expect(eve.ready.user).toMatchObject({ id: expect.stringMatching(/^guest:/), roles: ["guest"] });
    await eve.ask("room:join", { roomId: "a" });
    expect(await refusalOf(eve.askAnything("message:send", { roomId: "a", id: "019b76da-abe8-7000-8000-000000000001", text: "x", author: { id: "admin", name: "Admin" } }))).toMatchObject({ code: "invalid" });
  });

  it("§6: packets of 64 KiB, texts of 16 KiB, names of 64, and so on", async () => {
    expect(defaultLimits).toEqual(expect.objectContaining({ packetBytes: 65_536, textBytes: 16_384, nameLength: 64, reactionsPerMessage: 50, roomsPerConnection: 100, batchSize: 50, pageSize: 200 }));
    const { origin, port } = await start();
    expect((await connect(origin)).ready.limits).toEqual(defaultLimits);
    const poller = await Poller.open(port);
    expect((await poller.post("4".repeat(65_537))).status).toBe(413);
  });

  it("§6: what each user may ask in a time", () => {
    expect(defaultRates).toEqual(
      expect.objectContaining({ write: { burst: 50, perSecond: 10 }, join: { burst: 100, perSecond: 2 }, read: { burst: 100, perSecond: 10 }, signal: { burst: 100, perSecond: 10 }, identity: { burst: 10, perSecond: 0.2 } }),
    );
  });

  it("§6: heartbeat of 15 s and 10 s, polling and WebSocket, neither Engine.IO 3 nor WebTransport nor compression", async () => {
    const { port } = await start();
    const { body } = await open(port, "polling", []);
    expect(JSON.parse(body.slice(1))).toMatchObject({ pingInterval: 15_000, pingTimeout: 10_000, upgrades: ["websocket"] });
    expect((await ask(port, "/chat/socket.io/?EIO=3&transport=polling")).status).toBe(400);
    expect((await ask(port, "/chat/socket.io/?EIO=4&transport=webtransport")).status).toBe(400);
    const { headers } = await open(port, "websocket", ["Sec-WebSocket-Extensions", "permessage-deflate"]);
    expect(headers["sec-websocket-extensions"]).toBeUndefined();
  });

  it("§6: serves no client of Socket.IO, and no page but the widget's files and `healthz`", async () => {
    const { port } = await start();
    for (const name of ["socket.io/socket.io.js", "metrics", "admin", "api/openapi.json", "api/rooms/lobby/messages", "..%2fpackage.json", ".env"]) expect([name, (await ask(port, `/chat/${name}`)).status]).toEqual([name, 404]);
  });

  it("§6: leaves upgrades that are not its own to the application", async () => {
    const http = createServer();
    const others = vi.fn((_request: unknown, socket: { destroy(): void }) => socket.destroy());
    http.on("upgrade", others);
    const chat = createChatServer(http, { guests: true, logger: new LogBook() });
    onTestFinished(() => chat.close({ drainMs: 0 }));
    const { port } = await listen(http);
    const theirs = new WebSocket(`ws://127.0.0.1:${port}/hot-reload`);
    await new Promise((resolve) => theirs.addEventListener("close", resolve));
    expect(others).toHaveBeenCalledTimes(1);
  });

  it("§6: does not change how long the application's server waits", () => {
    const http = createServer();
    const times = ({ headersTimeout, requestTimeout, keepAliveTimeout, maxHeadersCount }: typeof http) => [headersTimeout, requestTimeout, keepAliveTimeout, maxHeadersCount];
    const before = times(http);
    const chat = createChatServer(http, { guests: true, logger: new LogBook() });
    onTestFinished(() => chat.close({ drainMs: 0 }));
    expect(times(http)).toEqual(before);
  });

  it("§6: an error says what and not how", async () => {
    const { origin } = await startServer({ guests: false, authenticate: () => Object.assign({ id: 7, name: "x" }) });
    const refusal = await refusalOf(connect(origin));
    expect(refusal).toMatchObject({ code: "internal", details: { id: expect.any(String) } });
    expect(JSON.stringify(refusal)).not.toMatch(/node_modules|\.ts|Error:/);
  });

  it("§6: nothing is kept for one address unless it is said how many proxies there are, and then the defaults hold", () => {
    expect(resolveOptions({ guests: true, logger: new LogBook() }, false).perAddress).toBeUndefined();
    expect(resolveOptions({ guests: true, logger: new LogBook(), perAddress: { proxies: 1 } }, false).perAddress).toEqual({ proxies: 1, connections: 200, connect: { burst: 200, perSecond: 5 }, commands: { burst: 2_000, perSecond: 200 } });
  });

  it("§6: there are 10,000 connections in all and 20 of each user, and no more", () => {
    expect(resolveOptions({ guests: true, logger: new LogBook() }, false).connections).toEqual({ total: 10_000, perUser: 20 });
  });

  it("§6: answers that are no files are kept by nobody, and none is guessed at", async () => {
    const { port } = await start();
    const { headers } = await ask(port, "/chat/healthz");
    expect(headers).toMatchObject({ "cache-control": "no-store", "x-content-type-options": "nosniff", vary: "Origin" });
    const { headers: polled } = await open(port, "polling", []);
    expect(polled).toMatchObject({ "x-content-type-options": "nosniff" });
  });
});
