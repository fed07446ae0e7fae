import { describe, expect, it, vi } from "vitest";
import { type CommandName, serverEvents } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import type { Authorize } from "../../src/policy/authorize.js";
import type { Authenticate, AuthenticatedUser } from "../../src/session/authenticate.js";
import { connect, openSocket, refusalOf } from "../test-client.js";
import { Wire } from "../wire.js";
import { underOracle } from "./oracle.js";

const roomId = "lobby";
const users: Record<string, AuthenticatedUser> = {
  canary: { id: "canary", name: "Canary" },
  ann: { id: "ann", name: "Ann" },
  bob: { id: "bob", name: "Bob" },
  mod: { id: "mod", name: "Mod", roles: ["moderator"] },
};
const authenticate: Authenticate = ({ token = "" }) => users[token];
const membersOnly = { guests: false, authenticate };
const id = () => uuidv7();

/** Every command that is about a room, with input that fits. */
const asks: readonly (readonly [CommandName, object])[] = [
  ["message:send", { id: id(), text: "x" }],
  ["message:edit", { id: id(), messageId: id(), text: "x" }],
  ["message:delete", { id: id(), messageId: id() }],
  ["reaction:add", { id: id(), messageId: id(), emoji: "👍" }],
  ["reaction:remove", { id: id(), messageId: id(), emoji: "👍" }],
  ["room:leave", {}],
  ["room:sync", { after: { epoch: "e", seq: 0 } }],
  ["history:read", {}],
  ["message:read", { messageIds: [id()] }],
  ["receipt:move", { seq: 1 }],
  ["typing:set", { isTyping: true }],
];

describe("C. Authorisation and privacy of delivery", () => {
  it("36. A room not joined: answers nothing about it, and the same whether it exists or not", async () => {
    await underOracle(membersOnly, async ({ origin, chat }) => {
      await chat.room("private").send({ author: { id: "ann", name: "Ann" }, text: "here" });
      const bob = await connect(origin, { token: "bob" });
      for (const [name, input] of asks) {
        const there = await refusalOf(bob.askAnything(name, { roomId: "private", ...input }));
        const nowhere = await refusalOf(bob.askAnything(name, { roomId: "no-such-room", ...input }));
        expect(there.toJSON()).toMatchObject({ code: "forbidden" });
        expect(there.toJSON()).toEqual(nowhere.toJSON());
      }
      expect(bob.heard.map(({ name }) => name)).toEqual(["session:ready"]);
    });
  });

  it("36. A room not joined: is not searched, also not beside one that is open, nor by a cursor into it", async () => {
    await underOracle(membersOnly, async ({ origin, chat }) => {
      await chat.room("private").send({ author: { id: "ann", name: "Ann" }, text: "here" });
      const bob = await connect(origin, { token: "bob" });
      await bob.ask("room:join", { roomId });
      for (const roomIds of [["ROOM"], [roomId, "ROOM"], ["ROOM", roomId]]) {
        const [there, nowhere] = await Promise.all(["private", "no-such-room"].map((room) => refusalOf(bob.ask("message:search", { roomIds: roomIds.map((name) => name.replace("ROOM", room)), query: "here" }))));
        expect(there?.toJSON()).toMatchObject({ code: "forbidden" });
        expect(there?.toJSON()).toEqual(nowhere?.toJSON());
      }
      expect(await refusalOf(bob.ask("message:search", { roomIds: [roomId], query: "here", cursor: { roomId: "private", seq: 2 } }))).toMatchObject({ code: "conflict" });
      expect(await bob.ask("message:search", { roomIds: [roomId], query: "here" })).toEqual({ results: [] });
    });
  });

  it("46. Search: is for the application to allow, room by room and again each time", async () => {
    const readers = new Set(["lobby", "other"]);
    const authorize: Authorize = ({ user, roomId, command }) => user.id === "canary" || command !== "message:search" || readers.has(roomId);
    await underOracle({ ...membersOnly, authorize }, async ({ origin, chat }) => {
      const bob = await connect(origin, { token: "bob" });
      for (const room of ["lobby", "other"]) {
        await chat.room(room).send({ author: { id: "ann", name: "Ann" }, text: `word in ${room}` });
        await bob.ask("room:join", { roomId: room });
      }
      const search = () => bob.ask("message:search", { roomIds: ["lobby", "other"], query: "word" });
      expect((await search()).results.map(({ roomId }) => roomId)).toEqual(["other", "lobby"]);
      readers.delete("other");
      expect(await refusalOf(search())).toMatchObject({ code: "forbidden" });
    });
  });

  it("36. A room that is not theirs: cannot be joined, whether it exists or not", async () => {
    const authorize: Authorize = ({ user, roomId }) => user.id === "canary" || roomId === "lobby";
    await underOracle({ ...membersOnly, authorize }, async ({ origin, chat }) => {
      await chat.room("private").send({ author: { id: "ann", name: "Ann" }, text: "here" });
      const bob = await connect(origin, { token: "bob" });
      const refusals = await Promise.all(["private", "no-such-room"].map((room) => refusalOf(bob.ask("room:join", { roomId: room }))));
      expect(refusals.map((refusal) => refusal.toJSON())).toEqual([refusals[0]?.toJSON(), refusals[0]?.toJSON()]);
      expect(refusals[0]).toMatchObject({ code: "forbidden" });
    });
  });

  it("37. Guessable ids: a thousand neighbours of an id give nothing, and cannot be asked on for long", async () => {
    await underOracle(membersOnly, async ({ origin }) => {
      const ann = await connect(origin, { token: "ann" });
      await ann.ask("room:join", { roomId });
      const { id: known } = await ann.send(roomId, "hi");
      const tail = Number.parseInt(known.slice(-6), 16);
      const neighbours = Array.from({ length: 1_000 }, (_, n) => `${known.slice(0, -6)}${((tail + n + 1) % 0x1000000).toString(16).padStart(6, "0")}`);
      for (let from = 0; from < 1_000; from += 50) {
        expect(await ann.ask("message:read", { roomId, messageIds: neighbours.slice(from, from + 50) })).toEqual({ messages: [] });
      }
      const more = await Promise.allSettled(Array.from({ length: 200 }, () => ann.ask("message:read", { roomId, messageIds: neighbours.slice(0, 1) })));
      expect(more.some(({ status }) => status === "rejected")).toBe(true);
    });
  });

  it("38. Others' messages: only their author edits them, only they and moderators delete them", async () => {
    await underOracle(membersOnly, async ({ origin }) => {
      const [ann, bob, mod] = await Promise.all(["ann", "bob", "mod"].map((token) => connect(origin, { token })));
      if (!ann || !bob || !mod) throw new Error("unable to begin; somebody is missing");
      for (const client of [ann, bob, mod]) await client.ask("room:join", { roomId });
      const { id: messageId } = await ann.send(roomId, "mine");
      for (const client of [bob, mod]) expect(await refusalOf(client.ask("message:edit", { roomId, id: id(), messageId, text: "his" }))).toMatchObject({ code: "forbidden" });
      expect(await refusalOf(bob.ask("message:delete", { roomId, id: id(), messageId }))).toMatchObject({ code: "forbidden" });
      const batch = await bob.ask("room:write", { roomId, writes: [{ name: "message:delete", input: { roomId, id: id(), messageId } }] });
      expect(batch.results).toMatchObject([{ ok: false, error: { code: "forbidden" } }]);
      expect((await mod.ask("message:delete", { roomId, id: id(), messageId })).event).toMatchObject({ type: "message.deleted", by: "mod" });
    });
  });

  it("39. Removed member: hears nothing that was said after they were removed", async () => {
    const banned = new Set<string>();
    await underOracle({ ...membersOnly, authorize: ({ user }) => !banned.has(user.id) }, async ({ origin, chat, canary, secrets }) => {
      secrets.push("after the ban");
      const bob = await connect(origin, { token: "bob" });
      await canary.ask("room:join", { roomId });
      await bob.ask("room:join", { roomId });
      const say = (text: string) => chat.room(roomId).send({ author: { id: "ann", name: "Ann" }, text });
      const before = Array.from({ length: 50 }, () => say("before the ban"));
      banned.add("bob");
      chat.disconnect("bob");
      await Promise.all([...before, ...Array.from({ length: 50 }, () => say("after the ban"))]);
      await canary.ask("typing:set", { roomId, isTyping: true });
      await bob.ends();
      expect(JSON.stringify(bob.heard)).not.toContain("after the ban");
      expect(bob.all("typing:changed")).toEqual([]);
      const again = await connect(origin, { token: "bob" });
      expect(await refusalOf(again.ask("room:join", { roomId }))).toMatchObject({ code: "forbidden" });
    });
  });

  it.each([
    ...Object.keys(serverEvents),
    "message.sent",
    "member.banned",
    "error",
    "disconnecting",
    "connection",
    "chat-widget:nodes",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "0",
    "",
    "x".repeat(10_000),
  ])("42. Event-name spoofing: nobody hears %j from a client, and who sends it three times is cut off", async (name) => {
    await underOracle(membersOnly, async ({ port, origin }) => {
      const ann = await connect(origin, { token: "ann" });
      await ann.ask("room:join", { roomId });
      const heard = vi.fn();
      ann.socket.onAny((event: string) => void (event === "presence:changed" || event === "room:heads" || heard(event)));
      const eve = await Wire.open(port, '40{"protocol":[1],"token":"bob"}');
      eve.send(`421["room:join",{"roomId":"${roomId}"}]`);
      await eve.reply(1);
      for (let n = 0; n < 3; n++) eve.send(`42${n + 2}${JSON.stringify([name, { roomId, text: "spoofed" }])}`);
      await eve.ends();
      expect(heard).not.toHaveBeenCalled();
    });
  });

  it("43. Mass assignment: nobody gives themselves a role or another id", async () => {
    await underOracle({}, async ({ origin }) => {
      const eve = await connect(origin, { auth: { protocol: [1], guestName: "Eve", roles: ["admin"], role: "admin", user: { id: "ann" }, id: "ann" } });
      expect(eve.ready.user).toMatchObject({ name: "Eve", roles: ["guest"], id: expect.stringMatching(/^guest:/) });
      for (const field of [{ role: "admin" }, { roles: ["admin"] }, { id: "ann" }, { banned: false }, { avatarUrl: "https://x.example" }, { tenantId: 1 }]) {
        expect(await refusalOf(eve.askAnything("session:refresh", { guestName: "Eve", ...field }))).toMatchObject({ code: "invalid" });
      }
      expect((await eve.ask("session:refresh", { guestName: "Eva" })).user).toMatchObject({ id: eve.ready.user.id, roles: ["guest"], name: "Eva" });
    });
  });

  it("45. Per-recipient projection: nothing leaves the server but what the contract names", async () => {
    const withSecrets: Authenticate = (request) => {
      const user = authenticate(request);
      return user instanceof Promise || !user ? user : Object.assign({}, user, { email: `${user.id}@private.example`, passwordHash: "hash", ip: "10.0.0.7" });
    };
    await underOracle({ guests: false, authenticate: withSecrets }, async ({ origin, canary }) => {
      await canary.ask("room:join", { roomId });
      const said: [string, unknown][] = [];
      canary.socket.onAny((name: string, payload: unknown) => void said.push([name, payload]));
      const ann = await connect(origin, { token: "ann" });
      await ann.ask("room:join", { roomId });
      const { id: messageId, seq } = await ann.send(roomId, "hi");
      await ann.ask("reaction:add", { roomId, id: id(), messageId, emoji: "👍" });
      await ann.ask("message:edit", { roomId, id: id(), messageId, text: "hello" });
      await ann.ask("typing:set", { roomId, isTyping: true });
      await ann.ask("receipt:move", { roomId, seq });
      await ann.ask("message:delete", { roomId, id: id(), messageId });
      for (const name of ["room:events", "presence:changed", "typing:changed", "receipt:moved"] as const) await canary.hears(name);
      const schemas = new Map<string, { parse(payload: unknown): unknown }>(Object.entries(serverEvents));
      // Parsing leaves out what the contract does not name; nothing may be left out.
      for (const [name, payload] of said) expect(schemas.get(name)?.parse(payload)).toEqual(payload);
      expect(JSON.stringify(said)).not.toMatch(/private\.example|passwordHash|10\.0\.0\.7|guestToken/);
    });
  });

  it("46. Presence: only those in a room hear who is there", async () => {
    await underOracle(membersOnly, async ({ origin }) => {
      const [ann, bob] = [await connect(origin, { token: "ann" }), await connect(origin, { token: "bob" })];
      await ann.ask("room:join", { roomId });
      await ann.ask("typing:set", { roomId, isTyping: true });
      await bob.ask("room:join", { roomId: "elsewhere" });
      await bob.hears("presence:changed");
      expect(bob.all("presence:changed").every((signal) => signal.roomId === "elsewhere")).toBe(true);
      expect(bob.all("typing:changed")).toEqual([]);
    });
  });

  it("47. Moderator boundaries: the application's rules say where a moderator is one", async () => {
    const authorize: Authorize = ({ user, roomId, command, message }) => {
      const isOfOthers = message !== undefined && message.author.id !== user.id;
      return command === "message:delete" && isOfOthers && roomId !== "his" ? false : undefined;
    };
    await underOracle({ ...membersOnly, authorize }, async ({ origin, chat }) => {
      const mod = await connect(origin, { token: "mod" });
      for (const [room, code] of [["his", undefined], ["another", "forbidden"]] as const) {
        await mod.ask("room:join", { roomId: room });
        const { id: messageId } = await chat.room(room).send({ author: { id: "ann", name: "Ann" }, text: "hi" });
        const asked = mod.ask("message:delete", { roomId: room, id: id(), messageId });
        if (code === undefined) expect((await asked).event).toMatchObject({ type: "message.deleted" });
        else expect(await refusalOf(asked)).toMatchObject({ code });
      }
    });
  });

  it("leaves no one in a room who goes while joining, or after", async () => {
    await underOracle({}, async ({ origin }) => {
      for (let n = 0; n < 20; n++) {
        const socket = openSocket(origin);
        await new Promise<void>((resolve) => socket.once("session:ready", () => resolve()));
        const joined = new Promise((resolve) => socket.emit("room:join", { roomId }, resolve));
        if (n % 2 === 0) await joined;
        socket.disconnect();
      }
      const ann = await connect(origin);
      await vi.waitFor(async () => expect((await ann.ask("room:join", { roomId })).presence.count).toBe(1));
    });
  });
});
