import { describe, expect, it, vi } from "vitest";
import { type CommandName, defineEvents } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import * as z from "zod";
import type { Authorize } from "../src/policy/authorize.js";
import type { Authenticate, AuthenticatedUser } from "../src/session/authenticate.js";
import { memoryStore } from "../src/stores/memory-store.js";
import { Recorder } from "./recipients/recorder.js";
import { type TestClient, connect } from "./test-client.js";
import { type TestServer, startServer } from "./test-server.js";

const people: Record<string, AuthenticatedUser> = {
  ann: { id: "ann", name: "Ann" },
  bob: { id: "bob", name: "Bob" },
  mod: { id: "mod", name: "Mod", roles: ["moderator"] },
  eve: { id: "eve", name: "Eve" },
};
/** What the application knows of people and nobody else may. */
const authenticate: Authenticate = ({ token = "" }) => {
  const user = people[token];
  return user && Object.assign({}, user, { email: `${user.id}@private.example`, passwordHash: "not-for-you", ip: "10.0.0.7" });
};
const rooms = ["lobby", "members", "staff"] as const;

/** Who reads what: guests and outsiders the lobby, members their room, moderators all. */
class Rules {
  readonly members = new Set(["ann", "bob", "mod"]);
  readonly mayRead = (userId: string, roomId: string): boolean => roomId === "lobby" || userId === "mod" || (roomId === "members" && this.members.has(userId));
  readonly authorize: Authorize = ({ user, roomId }) => (this.mayRead(user.id, roomId) ? undefined : false);
}

const events = defineEvents({ "poll.opened": { data: z.string(), durable: true }, "cursor.moved": { data: z.string(), durable: false } });

async function start(): Promise<TestServer<typeof events> & { rules: Rules; recorder: Recorder }> {
  const rules = new Rules();
  const recorder = new Recorder(rules.mayRead);
  const endless = { burst: 10_000, perSecond: 10_000 };
  const rates = { write: endless, read: endless, join: endless, signal: endless, packets: endless, identity: endless, whisper: endless };
  const server = await startServer({ events, guests: true, authenticate, authorize: rules.authorize, store: memoryStore(), adapter: recorder.adapter, rates });
  return { ...server, rules, recorder };
}

/** Asks everything there is about every room; what may be done is done, the rest is refused. */
async function askEverything(client: TestClient, messageIds: ReadonlyMap<string, string>): Promise<void> {
  for (const roomId of rooms) {
    const id = (): string => uuidv7();
    const messageId = messageIds.get(roomId) ?? id();
    const questions: readonly (readonly [CommandName, object])[] = [
      ["room:join", { limit: 5 }],
      ["message:send", { id: id(), text: `${roomId}-talk` }],
      ["message:send", { id: id(), text: `${roomId}-talk`, replyTo: messageId }],
      ["message:edit", { id: id(), messageId, text: `${roomId}-talk, changed` }],
      ["reaction:add", { id: id(), messageId, emoji: "👍" }],
      ["reaction:remove", { id: id(), messageId, emoji: "👍" }],
      ["room:write", { writes: [{ name: "message:send", input: { roomId, id: id(), text: `${roomId}-talk` } }] }],
      ["history:read", {}],
      ["message:read", { messageIds: [messageId] }],
      ["room:sync", { after: { epoch: "another", seq: 0 } }],
      ["receipt:move", { seq: 1 }],
      ["typing:set", { isTyping: true }],
      ["message:report", { messageId, reason: "spam", note: "a note" }],
      ["report:list", {}],
      ["audit:read", {}],
      ["message:delete", { id: id(), messageId, reason: "a reason" }],
      ["event:publish", { id: id(), name: "poll.opened", data: `${roomId}-talk` }],
      ["event:whisper", { name: "cursor.moved", data: `${roomId}-talk` }],
      ["event:read", { name: "poll.opened" }],
      ["stream:read", {}],
      ["room:leave", {}],
      ["room:join", {}],
    ];
    for (const [name, input] of questions) await client.askAnything(name, { roomId, ...input }).catch(() => undefined);
  }
  await client.ask("session:refresh", {}).catch(() => undefined);
}

describe("per-recipient allow-list", () => {
  it("sends nobody anything that is not on the list, nor of a room they may not read, whatever anybody asks", { timeout: 60_000 }, async () => {
    const { origin, chat, rules, recorder } = await start();
    const messageIds = new Map<string, string>();
    for (const roomId of rooms) messageIds.set(roomId, (await chat.room(roomId).send({ author: { id: "host", name: "Host" }, text: `${roomId}-talk` })).id);
    const ann = await connect(origin, { token: "ann" });
    const bob = await connect(origin, { token: "bob", transports: ["polling"] });
    const mod = await connect(origin, { token: "mod" });
    const eve = await connect(origin, { token: "eve" });
    const guest = await connect(origin, { guestName: "Guest", transports: ["polling"] });
    const all = [ann, bob, mod, eve, guest];
    const streams = await Promise.all(rooms.map((roomId) => chat.room(roomId).stream({ author: { id: "host", name: "Host" } })));
    for (const [index, stream] of streams.entries()) stream.write(`${rooms[index]}-talk, streamed`);

    await Promise.all(all.map((client) => askEverything(client, messageIds)));
    // Bob is removed in the middle of a conversation.
    const say = (n: number) => mod.send("members", `members-talk ${n}`);
    const before = Array.from({ length: 20 }, (_, n) => say(n));
    rules.members.delete("bob");
    chat.disconnect("bob");
    await Promise.all([...before, ...Array.from({ length: 20 }, () => mod.send("members", "after the removal"))]);
    await bob.ends();
    const bobAgain = await connect(origin, { token: "bob" });
    await askEverything(bobAgain, messageIds);
    await Promise.all([ann, mod, eve, guest].map((client) => askEverything(client, messageIds)));
    await vi.waitFor(() => expect(ann.all("presence:changed").length).toBeGreaterThan(0));
    for (const stream of streams) await stream.end();
    await vi.waitFor(() => expect(ann.all("event:whispered").length).toBeGreaterThan(0));
    expect(recorder.receivedBy("mod")).toContain("staff-talk, streamed");

    expect(recorder.faults).toEqual([]);
    // Each was told something, or nothing was looked at.
    for (const client of [...all, bobAgain]) expect(recorder.receivedBy(client.ready.user.id)).toContain("lobby-talk");
    expect(recorder.receivedBy("ann")).toContain("after the removal");
    expect(recorder.receivedBy("mod")).toContain("staff-talk");
    for (const userId of ["eve", guest.ready.user.id]) expect(recorder.receivedBy(userId)).not.toMatch(/members-talk|staff-talk/);
    for (const userId of ["ann", "bob"]) expect(recorder.receivedBy(userId)).not.toContain("staff-talk");
    expect(recorder.receivedBy("bob")).not.toContain("after the removal");
    expect(recorder.recipients.flatMap(({ received }) => received).join("\n")).not.toMatch(/private\.example|not-for-you|10\.0\.0\.7/);
  });

  it.each<[string, (recorder: Recorder) => unknown, RegExp]>([
    ["sends an event to everybody", ({ namespace }) => namespace?.emit("room:events", { roomId: "staff", epoch: "e", from: 1, events: [deleted] }), /room:events of staff, which eve may not read/],
    ["puts somebody into a room's channel", ({ namespace }) => namespace?.socketsJoin("room:members"), /room:events of members, which eve may not read/],
    ["adds a field to an event", ({ namespace }) => namespace?.emit("room:events", { roomId: "lobby", epoch: "e", from: 1, events: [{ ...deleted, email: "a@b.example" }] }), /message\.deleted\.email is not on the list/],
    ["adds an event", ({ namespace }) => namespace?.emit("user:banned", {}), /user:banned is not on the list/],
    ["adds a kind to the log", ({ namespace }) => namespace?.emit("room:events", { roomId: "lobby", epoch: "e", from: 1, events: [{ ...deleted, type: "user.banned" }] }), /user\.banned, which is not on the list/],
    ["tells of a room that is not open", ({ namespace }) => namespace?.emit("room:heads", { heads: [{ roomId: "members", epoch: "e", seq: 1 }] }), /room:heads of members, which is not open here/],
    ["says how somebody signs in", ({ namespace }) => namespace?.emit("typing:changed", { roomId: "lobby", count: 1, users: [{ id: "ann", name: "Ann", sessionToken: "x" }] }), /the private field sessionToken/],
  ])("control: it is seen when a server %s", async (_what, leak, fault) => {
    const { origin, chat, recorder } = await start();
    const [ann, eve] = [await connect(origin, { token: "ann", isLeaky: true }), await connect(origin, { token: "eve", isLeaky: true })];
    for (const client of [ann, eve]) await client.ask("room:join", { roomId: "lobby" });
    await ann.ask("room:join", { roomId: "members" });
    leak(recorder);
    await chat.room("members").send({ author: { id: "host", name: "Host" }, text: "members-talk" });
    await vi.waitFor(() => expect(recorder.faults.join("\n")).toMatch(fault));
  });
});

const deleted = { type: "message.deleted", seq: 1, id: "019b76da-abe8-7000-8000-000000000001", at: 1, by: "ann", messageId: "019b76da-abe8-7000-8000-000000000001" };
