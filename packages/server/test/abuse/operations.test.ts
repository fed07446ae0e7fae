import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import type { Namespace } from "socket.io";
import { Adapter } from "socket.io-adapter";
import { describe, expect, it, vi } from "vitest";
import { consoleLogger } from "../../src/logger.js";
import { memoryStore } from "../../src/stores/memory-store.js";
import { connect } from "../test-client.js";
import { listen } from "../test-server.js";
import { Wire } from "../wire.js";
import { underOracle } from "./oracle.js";
import { ask } from "./request.js";

/** An adapter that leads nowhere, and a way to say what other nodes would say through it. */
function poisoned(): { adapter: (namespace: Namespace) => Adapter; say: (name: string, ...words: unknown[]) => void } {
  let emit: (name: string, ...words: unknown[]) => void = () => undefined;
  return {
    adapter: function adapter(namespace) {
      emit = (...words) => namespace._onServerSideEmit(words);
      return Object.assign(new Adapter(namespace), { serverSideEmit: () => undefined });
    },
    say: (...words) => emit(...words),
  };
}

/** The oldest versions without a known hole, as of November 2026. */
const floors: Record<string, string> = { "socket.io": "4.8.4", "engine.io": "6.6.11", "socket.io-parser": "4.2.7", ws: "8.21.1" };
const parts = (version: string) => version.split(".").map(Number);
const isAtLeast = (version: string, floor: string) => {
  const [a, b] = [parts(version), parts(floor)];
  const at = a.findIndex((part, index) => part !== b[index]);
  return at === -1 || (a[at] ?? 0) > (b[at] ?? 0);
};

describe("F. Operations, cluster, compliance", () => {
  it("89. Adapter poison: takes nothing from other nodes that it cannot read", async () => {
    const { adapter, say } = poisoned();
    await underOracle({ adapter, store: memoryStore() }, async ({ origin, canary }) => {
      const ann = await connect(origin);
      const { catchUp } = await ann.ask("room:join", { roomId: "lobby" });
      await canary.ask("room:join", { roomId: "lobby" });
      await canary.hears("presence:changed");
      canary.heard.length = 0;
      const at = 1;
      const id = "019b76da-abe8-7000-8000-000000000001";
      const author = { id: "eve", name: "Eve" };
      const messages: unknown[] = [
        null,
        7,
        "events",
        [],
        {},
        { kind: "__proto__" },
        { kind: "no-such-kind" },
        { kind: "events", roomId: "lobby", events: [{ type: "message.sent", seq: 1, id, at, author: { id: 1 }, text: "x" }] },
        { kind: "events", roomId: { $gt: "" }, events: [] },
        { kind: "events", roomId: "lobby", events: [{ type: "message.sent", seq: -1, id, at, author, text: "x" }] },
        { kind: "events", roomId: "lobby", events: "all" },
        { kind: "heads", heads: [{ roomId: "lobby", seq: "9" }, null] },
        { kind: "people", roomId: "lobby", version: 1, count: -5, people: [] },
        { kind: "people", roomId: "lobby", version: 1, count: 1, people: [{ id: "eve", name: "" }] },
        { kind: "typing", roomId: "lobby", users: {}, count: 1 },
        { kind: "receipts", roomId: "lobby", receipts: [{ userId: "eve", seq: 1.5 }] },
        { kind: "probe", rooms: [["lobby"]] },
        { kind: "disconnect", userId: "" },
      ];
      const envelope = { version: 1, nodeId: "other", number: 1, epoch: catchUp.epoch, messages };
      const junk: unknown[] = [undefined, null, 7, "x", [], {}, { ...envelope, version: 2 }, { ...envelope, nodeId: 7 }, { ...envelope, number: 0 }, { ...envelope, epoch: "other" }, { ...envelope, messages: {} }];
      for (const word of junk) say("chat-widget:nodes", word);
      say("chat-widget:nodes");
      say("another application's event", envelope);
      say("chat-widget:nodes", envelope);
      expect(await ann.send("lobby", "hi")).toMatchObject({ seq: 1 });
      await canary.hears("room:events");
      expect(canary.heard.map(({ name }) => name)).toEqual(["room:events"]);
    });
  });

  it("90. Admin, metrics, health: there is no such thing but health, which says no more than whether all is well", async () => {
    await underOracle({}, async ({ port }) => {
      for (const name of ["metrics", "admin", "admin/", "socket.io/admin", "socket.io/socket.io.js", "socket.io/socket.io.js.map", "debug", "env", ".env", "status"]) {
        const { status, body } = await ask(port, `/chat/${name}`);
        expect([name, status]).toEqual([name, 404]);
        expect(body).not.toMatch(/socket\.io v|node_modules|version/i);
      }
      const { status, headers, body } = await ask(port, "/chat/healthz");
      expect([status, JSON.parse(body)]).toEqual([200, { status: "ok" }]);
      expect(headers).not.toHaveProperty("x-powered-by");
      const wire = await Wire.open(port, "");
      wire.send("40/admin,");
      await vi.waitFor(() => expect(wire.received.join(" ")).toContain("Invalid namespace"));
    });
  });

  it("91. Log injection: no name, header or token makes a line of its own or shows in one", async () => {
    const printed: string[] = [];
    vi.spyOn(console, "warn").mockImplementation((line: string) => void printed.push(line));
    vi.spyOn(console, "error").mockImplementation((line: string) => void printed.push(line));
    const forged = "x\r\n[chat] all is well\u001b[31m\u2028\u0085";
    const authenticate = ({ token }: { token: string | undefined }) => {
      if (token === "canary") return { id: "canary", name: "Canary" };
      throw new Error("refused");
    };
    await underOracle({ logger: consoleLogger, authenticate, guests: false }, async ({ port, origin, secrets }) => {
      secrets.push("a-secret-token");
      await connect(origin, { token: "a-secret-token" }).catch(() => undefined);
      await ask(port, "/chat/socket.io/?EIO=4&transport=polling", { headers: ["Origin", "https://evil.example/%0d%0a[chat]", "Cookie", "sid=a-secret-token"] });
      consoleLogger.warn({ name: forged }, "a name");
      consoleLogger.error({ err: new Error(forged) }, "an error");
    });
    vi.restoreAllMocks();
    expect(printed.length).toBeGreaterThan(1);
    expect(inspect(printed)).not.toContain("a-secret-token");
    for (const [first, ...stack] of printed.map((text) => text.split("\n"))) {
      expect(first).toMatch(/^\[chat\] [\x20-\x7e]+$/);
      for (const line of stack) expect(line).toMatch(/^ {2}[\x20-\x7e]+$/);
    }
  });

  it("92. Metrics: what a server says of itself grows with nobody", async () => {
    await underOracle({ rates: { join: { burst: 1_000, perSecond: 1_000 } } }, async ({ origin, chat }) => {
      const before = chat.status();
      const ann = await connect(origin, { guestName: "x".repeat(60) });
      for (let n = 0; n < 100; n++) await ann.ask("room:join", { roomId: `room-${n}` }).catch(() => undefined);
      expect(chat.status()).toEqual(before);
      expect(Object.keys(before).toSorted()).toEqual(["bus", "lostPackets", "otherNodes"]);
    });
  });

  it("93. Webhooks: follows nobody elsewhere, reads no endless answer, and says no secret", async () => {
    const elsewhere = vi.fn();
    const inside = await listen(createServer((_request, response) => void response.end(elsewhere())));
    const asked = { redirects: 0, endless: 0, hanging: 0 };
    const redirects = await listen(createServer((_request, response) => void response.writeHead(307, { location: inside.origin }).end(String((asked.redirects += 1)))));
    const endless = await listen(
      createServer((_request, response) => {
        asked.endless += 1;
        const timer = setInterval(() => response.write("x".repeat(65_536)), 1);
        response.once("close", () => clearInterval(timer)).on("error", () => undefined);
      }),
    );
    const hangs = await listen(createServer(() => void (asked.hanging += 1)));
    const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
    await underOracle({ webhooks: [redirects, endless, hangs].map(({ origin }) => ({ url: `${origin}/hook`, secret })) }, async ({ chat, secrets }) => {
      secrets.push(secret);
      await chat.room("lobby").send({ author: { id: "ann", name: "Ann" }, text: "a word in private" });
      secrets.push("a word in private");
      await vi.waitFor(() => expect(Math.min(asked.redirects, asked.endless, asked.hanging)).toBeGreaterThan(0), { timeout: 10_000 });
      expect(elsewhere).not.toHaveBeenCalled();
    });
    expect(elsewhere).not.toHaveBeenCalled();
  });

  it.each(Object.entries(floors))("95. Dependency floors: %s is at least %s", (name, floor) => {
    // From where it is used: a nested copy of another version would not help.
    const socketIo = createRequire(createRequire(import.meta.url).resolve("socket.io"));
    const engineIo = createRequire(socketIo.resolve("engine.io"));
    const where = name === "ws" ? engineIo.resolve("ws") : name === "socket.io" ? createRequire(import.meta.url).resolve(name) : socketIo.resolve(name);
    let folder = dirname(where);
    const manifest = (): { name?: string; version: string } | undefined => {
      try {
        return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      } catch {
        return undefined;
      }
    };
    while (manifest()?.name !== name) folder = dirname(folder);
    expect(manifest()?.version).toSatisfy((version: string) => isAtLeast(version, floor));
  });
});
