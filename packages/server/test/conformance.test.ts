import { createServer } from "node:http";
import { Server } from "socket.io";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createChatServer } from "../src/chat-server.js";
import { Poller, ask, open } from "./abuse/request.js";
import { LogBook, listen, startServer } from "./test-server.js";
import { Wire } from "./wire.js";

// What the specifications of the two protocols say, on a chat's own mount: Engine.IO revision 4 and Socket.IO revision 5.

const hello = '40{"protocol":[1]}';
const separator = "\u001E";
const polling = "/chat/socket.io/?EIO=4&transport=polling";

async function polled(poller: Poller, text: string): Promise<string> {
  let all = "";
  await vi.waitFor(async () => {
    const { status, body } = await poller.poll();
    expect(status).toBe(200);
    all += body;
    expect(all).toContain(text);
  });
  return all;
}

/** A session by polling that is connected to the chat. */
async function connected(port: number): Promise<Poller> {
  const poller = await Poller.open(port);
  expect(await poller.post(hello)).toMatchObject({ status: 200, body: "ok" });
  await polled(poller, "session:ready");
  return poller;
}

describe("Engine.IO", () => {
  it("opens a session by polling, and says in what rhythm", async () => {
    const { port } = await startServer();
    const { status, headers, body } = await open(port, "polling", []);
    expect([status, headers["content-type"]]).toEqual([200, "text/plain; charset=UTF-8"]);
    expect(body[0]).toBe("0");
    expect(JSON.parse(body.slice(1))).toEqual({ sid: expect.stringMatching(/^.{20}$/), upgrades: ["websocket"], pingInterval: 15_000, pingTimeout: 10_000, maxPayload: 65_536 });
  });

  it("opens a session by WebSocket, from which there is nothing to upgrade to", async () => {
    const { port } = await startServer();
    const { received } = await Wire.open(port, "");
    expect(received[0]?.[0]).toBe("0");
    expect(JSON.parse(received[0]?.slice(1) ?? "")).toMatchObject({ sid: expect.any(String), upgrades: [], pingInterval: 15_000, pingTimeout: 10_000 });
  });

  it.each([
    ["no revision", "GET", "transport=polling", 5],
    ["a revision that is none", "GET", "EIO=abc&transport=polling", 5],
    ["revision 3", "GET", "EIO=3&transport=polling", 5],
    ["no transport", "GET", "EIO=4", 0],
    ["a transport there is not", "GET", "EIO=4&transport=abc", 0],
    ["a transport that every object has", "GET", "EIO=4&transport=constructor", 0],
    ["WebTransport", "GET", "EIO=4&transport=webtransport", 0],
    ["a session there is not", "GET", "EIO=4&transport=polling&sid=abc", 1],
    ["a session that every object has", "GET", "EIO=4&transport=polling&sid=__proto__", 1],
    ["POST", "POST", "EIO=4&transport=polling", 2],
    ["PUT", "PUT", "EIO=4&transport=polling", 2],
    ["WebSocket without an upgrade", "GET", "EIO=4&transport=websocket", 3],
  ])("refuses a handshake with %s", async (_what, method, query, code) => {
    const { port } = await startServer();
    const { status, body } = await ask(port, `/chat/socket.io/?${query}`, { method });
    expect([status, JSON.parse(body)]).toEqual([400, { code, message: expect.any(String) }]);
  });

  it.each(["EIO=4&transport=abc", "transport=websocket", "EIO=abc&transport=websocket", "EIO=3&transport=websocket", "EIO=4&transport=websocket&sid=abc", "EIO=4"])("refuses a WebSocket at ?%s", async (query) => {
    const { port } = await startServer();
    const socket = new WebSocket(`ws://127.0.0.1:${port}/chat/socket.io/?${query}`);
    const heard = vi.fn();
    socket.addEventListener("message", heard);
    await new Promise((resolve) => socket.addEventListener("close", resolve));
    expect(heard).not.toHaveBeenCalled();
  });

  it("takes several packets in one request and gives several in one answer, in order", async () => {
    const { port } = await startServer();
    const poller = await connected(port);
    await poller.post(["0", "1", "2"].map((ack) => `42${ack}["room:leave",{"roomId":"a"}]`).join(separator));
    // Some of it may be given with the first answer and the rest with the next.
    const packets = await polled(poller, "432[");
    expect(packets.match(/43\d\[/g)).toEqual(["430[", "431[", "432["]);
    expect(packets.split(separator).every((packet) => packet.startsWith("4"))).toBe(true);
  });

  it("closes a session of which two requests ask at once", async () => {
    const { port } = await startServer();
    const poller = await connected(port);
    const first = poller.poll();
    const statuses = await Promise.all([first, poller.poll()].map(async (asked) => (await asked).status));
    expect(statuses.toSorted()).toEqual([200, 400]);
    expect((await poller.poll()).status).toBe(400);
  });

  it.each(["abc", "", "9", "bAAAA"])("closes a session that sends the packet %j", async (packet) => {
    const { port } = await startServer();
    const poller = await connected(port);
    await poller.post(packet);
    await vi.waitFor(async () => expect((await poller.poll()).status).toBe(400));
  });

  it("closes a session when it is asked to", async () => {
    const { port } = await startServer();
    const poller = await connected(port);
    const waiting = poller.poll();
    expect((await poller.post("1")).status).toBe(200);
    expect((await waiting).body).toBe("6");
    expect(await poller.poll()).toMatchObject({ status: 400, body: expect.stringContaining('"code":1') });
  });

  it("pings, goes on with who answers, and ends with who does not", async () => {
    const http = createServer();
    const io = new Server(http, { pingInterval: 50, pingTimeout: 2_000 });
    const chat = createChatServer(io, { guests: true, logger: new LogBook() });
    const { port } = await listen(http);
    onTestFinished(async () => {
      await chat.close({ drainMs: 0 });
      await io.close();
    });
    const address = `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`;
    const [good, silent] = [new WebSocket(address), new WebSocket(address)];
    let pings = 0;
    good.addEventListener("message", ({ data }) => {
      if (data !== "2") return;
      pings += 1;
      good.send("3");
    });
    for (const socket of [good, silent]) socket.addEventListener("open", () => socket.send('40/chat,{"protocol":[1]}'));
    await new Promise((resolve) => silent.addEventListener("close", resolve));
    expect(pings).toBeGreaterThan(1);
    expect(good.readyState).toBe(WebSocket.OPEN);
    good.close();
  });

  it("upgrades from polling to WebSocket: probes, moves, and has nothing more to do with requests", async () => {
    const { port } = await startServer();
    const { body } = await ask(port, polling);
    const { sid } = JSON.parse(body.slice(1));
    const path = `${polling}&sid=${sid}`;
    await ask(port, path, { method: "POST", body: hello });
    await vi.waitFor(async () => expect((await ask(port, path)).body).toContain("session:ready"));
    const waiting = ask(port, path);
    const address = `ws://127.0.0.1:${port}/chat/socket.io/?EIO=4&transport=websocket&sid=${sid}`;
    const socket = new WebSocket(address);
    onTestFinished(() => socket.close());
    const heard: string[] = [];
    socket.addEventListener("message", ({ data }) => heard.push(String(data)));
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    socket.send("2probe");
    await vi.waitFor(() => expect(heard).toEqual(["3probe"]));
    // What waits is answered with a packet that says nothing.
    expect((await waiting).body).toBe("6");
    socket.send("5");
    socket.send('427["room:join",{"roomId":"a"}]');
    await vi.waitFor(() => expect(heard.some((packet) => packet.startsWith('437[{"ok":true'))).toBe(true));
    expect((await ask(port, path)).status).toBe(400);
    const second = new WebSocket(address);
    await new Promise((resolve) => second.addEventListener("close", resolve));
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });
});

describe("Socket.IO", () => {
  it("connects to the main namespace, under an id that is not the connection's", async () => {
    const { port } = await startServer();
    const { received } = await Wire.open(port);
    const [opened, connected, ready] = received;
    expect(connected).toMatch(/^40\{"sid":"[^"]{20}"/);
    expect(JSON.parse(connected?.slice(2) ?? "").sid).not.toBe(JSON.parse(opened?.slice(1) ?? "").sid);
    expect(ready).toMatch(/^42\["session:ready",\{/);
  });

  it.each([
    ["no payload", "40"],
    ["a payload without a version", "40{}"],
    ["a version there is not", '40{"protocol":[99]}'],
  ])("refuses to connect with %s, and says why", async (_what, packet) => {
    const { port } = await startServer();
    const wire = await Wire.open(port, "");
    wire.send(packet);
    await vi.waitFor(() => expect(wire.received[1]).toMatch(/^44\{"message":"unable to .*","data":\{"code":"(invalid|unsupported-version)"/));
  });

  it("knows no other namespace", async () => {
    const { port } = await startServer();
    const wire = await Wire.open(port);
    wire.send("40/admin,");
    await vi.waitFor(() => expect(wire.received).toContain('44/admin,{"message":"Invalid namespace"}'));
    expect(wire.isOpen).toBe(true);
  });

  it.each(["0", "7", "456", "9007199254740991"])("answers an event that is to be acknowledged, under its number %s, once", async (ack) => {
    const { port } = await startServer();
    const wire = await Wire.open(port);
    wire.send(`42${ack}["room:join",{"roomId":"a"}]`);
    wire.send('4212345["room:leave",{"roomId":"a"}]');
    expect(await wire.reply(12_345)).toEqual({ ok: true, data: {} });
    expect(wire.received.filter((packet) => packet.startsWith(`43${ack}[{"ok":true`))).toHaveLength(1);
  });

  it("tells of events without asking for an acknowledgement", async () => {
    const { port } = await startServer();
    const [ann, bob] = [await Wire.open(port), await Wire.open(port)];
    for (const wire of [ann, bob]) {
      wire.send('421["room:join",{"roomId":"a"}]');
      await wire.reply(1);
    }
    ann.send('422["message:send",{"roomId":"a","id":"019b76da-abe8-7000-8000-000000000001","text":"hi"}]');
    await vi.waitFor(() => expect(bob.received.some((packet) => packet.startsWith('42["room:events",{"roomId":"a"'))).toBe(true));
  });

  it("lets a session go that disconnects", async () => {
    const onDisconnect = vi.fn();
    const { port } = await startServer({ onDisconnect });
    const wire = await Wire.open(port);
    wire.send("41");
    await vi.waitFor(() => expect(onDisconnect).toHaveBeenCalledTimes(1));
    wire.send('421["room:join",{"roomId":"a"}]');
    await wire.ends();
    expect(wire.received.some((packet) => packet.startsWith("431["))).toBe(false);
  });

  it.each([
    ["an event before it is connected", '421["room:join",{"roomId":"a"}]'],
    ["an event to a namespace it is not connected to", '42/admin,["x"]'],
  ])("closes a connection that sends %s", async (_what, packet) => {
    const { port } = await startServer();
    const wire = await Wire.open(port, packet.includes("/") ? hello : "");
    wire.send(packet);
    await wire.ends();
  });

  it.each([
    ["of a kind there is not", "4abc"],
    ["of kind 7", "47"],
    ["whose payload is no JSON", "42{{}"],
    ["whose payload is no list", '42{"a":1}'],
    ["whose acknowledgement has no number", '42abc["message"]'],
    ["with an empty list", "42[]"],
    ["that answers with no list", "431{}"],
    ["that connects twice", hello],
    // By design: the chat takes no binary data.
    ["with attachments", '452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]'],
  ])("closes a connection that sends a packet %s", async (_what, packet) => {
    const { port } = await startServer();
    const wire = await Wire.open(port);
    wire.send(packet);
    await wire.ends();
  });
});
