import { describe, expect, it } from "vitest";
import { CatchUp, Handshake, Joined, Message, ReplyEnvelope, SessionReady, User, defaultLimits, defaultRoomSettings, serverEvents } from "./index.js";

const ann = { id: "ann", name: "Ann" };
const ready = { protocol: 1, user: { ...ann, roles: ["member"] }, limits: defaultLimits, serverTime: 1, capabilities: [] };
const joined = { catchUp: { kind: "events", epoch: "e", head: 0, events: [], more: false }, receipts: [], presence: { count: 0, users: [] }, permissions: ["read"], settings: defaultRoomSettings };

describe("a client that is older than its server", () => {
  it("drops keys it does not know, however deep", () => {
    const newer = { ...ready, theme: "dark", user: { ...ready.user, pronouns: "she" }, limits: { ...defaultLimits, uploadBytes: 5 } };
    expect(SessionReady.parse(newer)).toEqual(ready);
    expect(Joined.parse({ ...joined, pinned: [], presence: { count: 0, users: [{ ...ann, mood: "sunny" }] } })).toEqual({ ...joined, presence: { count: 0, users: [ann] } });
  });

  it("leaves out roles and permissions it does not know", () => {
    expect(SessionReady.parse({ ...ready, user: { ...ann, roles: ["owner", "moderator", "owner"] } }).user.roles).toEqual(["moderator"]);
    expect(SessionReady.parse({ ...ready, user: { ...ann, roles: ["owner"] } }).user.roles).toEqual([]);
    expect(Joined.parse({ ...joined, permissions: ["fly", "read", "send", "__proto__"] }).permissions).toEqual(["read", "send"]);
  });

  it("takes a snapshot that is sent for a new reason", () => {
    const snapshot = { kind: "snapshot", epoch: "e", head: 3, reason: "moved-house", messages: [], hasOlder: false };
    expect(CatchUp.parse(snapshot)).toEqual({ ...snapshot, reason: "trimmed" });
    expect(CatchUp.parse({ ...snapshot, reason: "far" })).toMatchObject({ reason: "far" });
  });

  it("understands a refusal with a code it does not know", () => {
    const refusal = { ok: false, error: { code: "room-closed", message: "unable to send; the room is closed", retry: "no" } };
    expect(ReplyEnvelope.parse({ ...refusal, at: 1 })).toEqual(refusal);
  });

  it("shows a message without the picture it cannot use", () => {
    const message = { id: "019b76da-abe8-7000-8000-000000000001", seq: 1, rev: 1, sentAt: 1, author: { ...ann, avatarUrl: "data:text/html,x" }, text: "hello", reactions: [] };
    expect(Message.parse(message)).toEqual({ ...message, author: ann });
  });
});

describe("a server that is older than its client", () => {
  it("reads the handshake of a client that also speaks a newer version", () => {
    expect(Handshake.parse({ protocol: [2, 1], device: { kind: "phone" } })).toEqual({ protocol: [2, 1] });
  });
});

describe("what the application tells the server", () => {
  it.each([
    [{ ...ann, roles: [] }],
    [{ ...ann, roles: ["owner"] }],
    [{ ...ann, roles: ["member"], avatarUrl: "javascript:alert(1)" }],
    [{ ...ann, name: "\u200b", roles: ["member"] }],
    [{ ...ann }],
    [{ id: "", name: "Ann", roles: ["member"] }],
  ])("is not read with tolerance: %j", (user) => {
    expect(User.safeParse(user).success).toBe(false);
  });
});

describe("hostile input from a server", () => {
  it.each(Object.entries(serverEvents))("is refused by %s, without throwing", (_name, schema) => {
    for (const value of [undefined, null, 0, "", "x", true, [], [[]], { roomId: null }]) expect(schema.safeParse(value).success).toBe(false);
    // One without a part that has to be there takes any object, and nothing of it.
    const readings = [{}, JSON.parse('{"__proto__":{"isAdmin":true}}'), { heads: "x", events: {}, users: 1, receipts: [null] }].map((value) => schema.safeParse(value).data);
    expect(readings.filter((reading) => reading !== undefined && Object.keys(reading).length > 0)).toEqual([]);
    expect({}).not.toHaveProperty("isAdmin");
  });
});
