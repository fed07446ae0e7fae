import { createServer } from "node:http";
import { SignJWT, UnsecuredJWT, generateKeyPair } from "jose";
import { describe, expect, it, vi } from "vitest";
import type { ChatStore } from "../../src/stores/chat-store.js";
import { memoryStore } from "../../src/stores/memory-store.js";
import type { Authenticate } from "../../src/session/authenticate.js";
import { ManualClock } from "../manual-clock.js";
import { connect, openSocket, refusalOf } from "../test-client.js";
import { listen } from "../test-server.js";
import { Wire } from "../wire.js";
import { underOracle } from "./oracle.js";
import { ask } from "./request.js";

const people: Record<string, string> = { ann: "Ann", bob: "Bob", canary: "Canary" };

/** Knows people by a token that is their id. */
const byToken: Authenticate = ({ token = "" }) => {
  const name = people[token];
  return name === undefined ? undefined : { id: token, name };
};
const membersOnly = { guests: false, authenticate: byToken };

describe("B. Authentication and session", () => {
  it("24. No credentials: says `unauthenticated` and nothing else", async () => {
    await underOracle(membersOnly, async ({ port, origin }) => {
      expect(await refusalOf(connect(origin))).toMatchObject({ code: "unauthenticated" });
      expect(await refusalOf(connect(origin, { token: "eve" }))).toMatchObject({ code: "unauthenticated" });
      const wire = await Wire.open(port, "");
      wire.send('40{"protocol":[1]}');
      await vi.waitFor(() => expect(wire.received).toEqual([expect.anything(), expect.stringMatching(/^44/)]));
      const hasty = await Wire.open(port, "");
      hasty.send('40{"protocol":[1]}');
      hasty.send('421["room:join",{"roomId":"canary"}]');
      await hasty.ends();
      expect(hasty.received).toHaveLength(1);
    });
  });

  it("25. Auth payload types: the application sees a text or nothing", async () => {
    const seen: unknown[] = [];
    const authenticate: Authenticate = (request) => {
      seen.push(request.token);
      return byToken(request);
    };
    await underOracle({ ...membersOnly, authenticate }, async ({ port, origin }) => {
      seen.length = 0;
      for (const token of [null, {}, [], 1, true, "", "a".repeat(8_193), ["ann"], { toString: "ann" }]) {
        expect(await refusalOf(connect(origin, { auth: { protocol: [1], token } }))).toMatchObject({ code: "invalid" });
      }
      for (const auth of [{}, { protocol: "1" }, { protocol: [] }, { protocol: [1e9] }, { protocol: [1, "__proto__"] }]) {
        expect((await refusalOf(connect(origin, { auth }))).code).toMatch(/^(invalid|unsupported-version)$/);
      }
      const deep = await Wire.open(port, "");
      deep.send(`40{"protocol":[1],"token":${"[".repeat(30_000)}${"]".repeat(30_000)}}`);
      await vi.waitFor(() => expect(deep.received[1]).toMatch(/^44.*"invalid"/));
      expect(seen).toEqual([]);
      await connect(origin, { auth: { protocol: [1], token: "ann", admin: true, user: { id: "bob" } } });
      expect(seen).toEqual(["ann"]);
    });
  });

  it("26. JWT table: takes no guest token but one it signed, and fetches no key that a token names", async () => {
    const asked = vi.fn();
    const keys = await listen(createServer((_request, response) => void response.end(asked())));
    const secret = new Uint8Array(32).fill(7);
    const store: ChatStore = Object.assign(memoryStore(), { open: () => Promise.resolve({ epoch: "e", secret }) });
    const now = Math.floor(Date.now() / 1_000);
    const claims = (change: object = {}) => ({ sub: "guest:victim", aud: "chat-widget:guest", name: "Victim", iat: now, exp: now + 600, ...change });
    const sign = (payload: object, header: object = {}, key: Uint8Array = secret) => new SignJWT({ ...payload }).setProtectedHeader({ alg: "HS256", ...header }).sign(key);
    const { privateKey } = await generateKeyPair("RS256");
    const good = await sign(claims());
    const remote = `${keys.origin}/keys`;
    const forged = [
      new UnsecuredJWT(claims()).encode(),
      good.replace(/^[^.]+/, Buffer.from('{"alg":"none"}').toString("base64url")),
      await new SignJWT(claims()).setProtectedHeader({ alg: "RS256" }).sign(privateKey),
      await sign(claims(), { alg: "HS512" }, new Uint8Array(64).fill(7)),
      await sign(claims(), {}, new Uint8Array(32)),
      await sign(claims({ aud: "another" })),
      await sign(claims({ aud: undefined })),
      await sign(claims({ exp: now - 60 })),
      await sign(claims({ exp: undefined })),
      await sign(claims({ nbf: now + 600 })),
      await sign(claims({ sub: "ann" })),
      await sign(claims({ sub: undefined })),
      ...(await Promise.all(["../../dev/null", "' OR 1=1--", remote].map((kid) => sign(claims(), { kid }, new Uint8Array(32))))),
      await sign(claims(), { jku: remote, x5u: remote }, new Uint8Array(32)),
      good.split(".").slice(0, 2).join("."),
      `${good}.`,
      `${good}\n`,
      `.${good}`,
      "...",
      "not a token",
    ];
    await underOracle({ store }, async ({ origin, secrets }) => {
      secrets.push(good, ...forged.filter((token) => token.length > 20));
      expect((await connect(origin, { guestToken: good })).ready.user).toMatchObject({ id: "guest:victim" });
      for (const guestToken of forged) {
        const { user } = (await connect(origin, { guestToken })).ready;
        expect([guestToken, user.id.startsWith("guest:") && user.id !== "guest:victim"]).toEqual([guestToken, true]);
      }
      expect(await refusalOf(connect(origin, { guestToken: good.repeat(100) }))).toMatchObject({ code: "invalid" });
      expect(asked).not.toHaveBeenCalled();
    });
  });

  it.each<[string, unknown, string]>([
    ["throws", () => { throw new Error("no such table: users"); }, "unauthenticated"],
    ["rejects", () => Promise.reject(new Error("no such table: users")), "unauthenticated"],
    ["rejects with nothing", () => Promise.reject(), "unauthenticated"],
    ["gives nothing", () => undefined, "unauthenticated"],
    ["gives {}", () => ({}), "internal"],
    ["gives true", () => true, "internal"],
    ["gives a list", () => ["ann"], "internal"],
    ["gives roles there are not", () => ({ id: "eve", name: "Eve", roles: "admin" }), "internal"],
    ["gives the id of a guest", () => ({ id: "guest:victim", name: "Eve" }), "internal"],
  ])("27. authenticate misbehaves: refuses when it %s, and tells nothing of why", async (_what, misbehave, code) => {
    const authenticate = vi.fn<Authenticate>(byToken);
    await underOracle({ ...membersOnly, authenticate }, async ({ origin }) => {
      Reflect.apply(authenticate.mockImplementation, authenticate, [misbehave]);
      const refusal = await refusalOf(connect(origin, { token: "ann" }));
      expect(refusal.code).toBe(code);
      expect(JSON.stringify(refusal)).not.toMatch(/table|Error|node_modules|\.ts/);
    });
  });

  it("27. authenticate misbehaves: gives up on one that never answers", async () => {
    const clock = new ManualClock();
    const authenticate = vi.fn<Authenticate>(byToken);
    await underOracle({ ...membersOnly, authenticate, clock }, async ({ origin }) => {
      authenticate.mockImplementation(() => new Promise(() => undefined));
      const refused = refusalOf(connect(origin, { token: "ann" }));
      await vi.waitFor(() => expect(authenticate).toHaveBeenCalledTimes(2));
      clock.advance(10_000);
      expect(await refused).toMatchObject({ code: "unavailable", retry: "same" });
    });
  });

  it("29. Revoke: ends every connection of a user at once, and asks anew who comes back", async () => {
    const banned = new Set<string>();
    const authenticate: Authenticate = (request) => (banned.has(request.token ?? "") ? undefined : byToken(request));
    await underOracle({ ...membersOnly, authenticate }, async ({ origin, chat }) => {
      const tabs = [];
      for (let n = 0; n < 5; n++) tabs.push(await connect(origin, { token: "bob", transports: n % 2 === 0 ? ["websocket"] : ["polling"] }));
      banned.add("bob");
      chat.disconnect("bob");
      for (const tab of tabs) await tab.ends();
      expect(await refusalOf(connect(origin, { token: "bob" }))).toMatchObject({ code: "unauthenticated" });
    });
  });

  it("31. Resume theft: a cursor of somebody else opens nothing", async () => {
    const options = { ...membersOnly, authorize: ({ user, roomId }: { user: { id: string }; roomId: string }) => roomId !== "hers" || user.id === "ann" };
    await underOracle(options, async ({ origin, secrets }) => {
      secrets.push("a secret of hers");
      const ann = await connect(origin, { token: "ann" });
      const { catchUp } = await ann.ask("room:join", { roomId: "hers" });
      await ann.send("hers", "a secret of hers");
      const bob = await connect(origin, { token: "bob" });
      const after = { epoch: catchUp.epoch, seq: 0 };
      expect(await refusalOf(bob.ask("room:join", { roomId: "hers", after }))).toMatchObject({ code: "forbidden" });
      expect(await refusalOf(bob.ask("room:sync", { roomId: "hers", after }))).toMatchObject({ code: "forbidden" });
      // The name of her Socket.IO session opens nothing either.
      const { port } = new URL(origin);
      expect((await ask(Number(port), `/chat/socket.io/?EIO=4&transport=polling&sid=${ann.socket.id}`)).status).toBe(400);
    });
  });

  it("33. Token in URL: is not taken, and not logged", async () => {
    const token = "ann-in-an-address";
    const authenticate: Authenticate = ({ token }) => (token === undefined ? undefined : { id: token, name: "Somebody" });
    await underOracle({ guests: false, authenticate }, async ({ port, secrets }) => {
      secrets.push(token);
      const socket = new WebSocket(`ws://127.0.0.1:${port}/chat/socket.io/?EIO=4&transport=websocket&token=${token}&auth_token=${token}`);
      const heard: string[] = [];
      socket.addEventListener("message", ({ data }) => heard.push(String(data)));
      await vi.waitFor(() => expect(heard).toHaveLength(1));
      socket.send('40{"protocol":[1]}');
      await vi.waitFor(() => expect(heard.join(" ")).toContain("unauthenticated"));
    });
  });

  it("34. Forged server fields: refuses them, and says itself who, when and where", async () => {
    await underOracle(membersOnly, async ({ origin }) => {
      const ann = await connect(origin, { token: "ann" });
      await ann.ask("room:join", { roomId: "lobby" });
      const id = "019b76da-abe8-7000-8000-000000000001";
      const fields = { from: "bob", userId: "bob", author: { id: "bob", name: "Bob" }, role: "admin", seq: 1, at: 1, createdAt: 1, isSystem: true, epoch: "e", rev: 9 };
      for (const [name, value] of Object.entries(fields)) {
        expect(await refusalOf(ann.askAnything("message:send", { roomId: "lobby", id, text: "hi", [name]: value }))).toMatchObject({ code: "invalid" });
      }
      expect(await ann.send("lobby", "hi", id)).toMatchObject({ author: { id: "ann", name: "Ann" }, seq: 1 });
    });
  });

  it("leaves nothing of a thousand handshakes that are begun and left", async () => {
    await underOracle({}, async ({ origin }) => {
      for (let round = 0; round < 20; round++) {
        const sockets = Array.from({ length: 50 }, () => openSocket(origin));
        await vi.waitFor(() => expect(sockets.every((socket) => socket.io.engine?.readyState === "open")).toBe(true), { timeout: 10_000 });
        for (const socket of sockets) socket.disconnect();
      }
    });
  });
});
