import { describe, expect, it } from "vitest";
import { type CommandName, Handshake, commands } from "./index.js";

const id = "019b76da-abe8-7000-8000-000000000001";
const other = "019b76da-afd0-7000-8000-000000000002";
const cursor = { epoch: "e", seq: 0 };
const write = { name: "message:send", input: { roomId: "r", id, text: "hello" } };

/** For each command what it takes, and changes of it that it refuses. */
const table: Record<CommandName, { good: Record<string, unknown>; bad: Record<string, unknown>[] }> = {
  "message:send": { good: { roomId: "r", id, text: "hello", mentions: ["ann", "bob"], replyTo: other, attachments: [{ uploadId: other }], threadId: other, alsoInRoom: true, data: { type: "order.card", value: { id: 7 } } }, bad: [{ text: "", attachments: undefined }, { attachments: [] }, { attachments: [{ uploadId: other, name: "x" }] }, { attachments: [other] }, { attachments: Array.from({ length: 11 }, () => ({ uploadId: other })) }, { kind: "system" }, { data: { type: "a", value: [] } }, { data: { type: "a" } }, { threadId: "x" }, { alsoInRoom: false }, { mentions: [] }, { mentions: "ann" }, { mentions: ["ann", "ann"] }, { mentions: [""] }, { mentions: Array.from({ length: 51 }, (_, n) => `user ${n}`) }, { text: " " }, { text: 7 }, { text: ["a"] }, { replyTo: "x" }, { replyTo: null }, { author: { id: "admin" } }, { at: 1 }] },
  "message:edit": { good: { roomId: "r", id, messageId: other, text: "hello", mentions: ["ann"] }, bad: [{ mentions: [] }, { messageId: undefined }, { messageId: 3 }, { text: "" }, { by: "admin" }] },
  "message:delete": { good: { roomId: "r", id, messageId: other, publicReason: "spam" }, bad: [{ publicReason: " " }, { publicReason: "x".repeat(201) }, { messageId: {} }, { text: "" }] },
  "reaction:add": { good: { roomId: "r", id, messageId: other, emoji: "👍" }, bad: [{ emoji: "yes" }, { emoji: "👍👍" }, { emoji: ["👍"] }] },
  "reaction:remove": { good: { roomId: "r", id, messageId: other, emoji: "👍" }, bad: [{ emoji: "" }, { emoji: null }] },
  "message:pin": { good: { roomId: "r", id, messageId: other }, bad: [{ messageId: 1 }, { by: "admin" }] },
  "message:unpin": { good: { roomId: "r", id, messageId: other }, bad: [{ id: "x" }] },
  "thread:positions": { good: { roomId: "r", threadIds: [id] }, bad: [{ threadIds: [] }, { threadIds: ["x"] }, { userId: "bob" }] },
  "thread:mark": { good: { roomId: "r", threadId: id, seq: 3 }, bad: [{ seq: -1 }, { threadId: 1 }, { userId: "bob" }] },
  "message:history": { good: { roomId: "r", messageId: id }, bad: [{ messageId: "x" }, { limit: 1 }] },
  "pins:read": { good: { roomId: "r" }, bad: [{ roomId: 1 }, { limit: 5 }] },
  "event:publish": {
    good: { roomId: "r", id, name: "poll.opened", data: { question: "Tea?", options: ["yes", null, 1.5, true] } },
    bad: [{ name: "" }, { name: "poll opened" }, { name: "__proto__" }, { name: "x".repeat(65) }, { data: undefined }, { data: NaN }, { data: [[[[[[[[[1]]]]]]]]] }, { data: JSON.parse('{"a":{"__proto__":1}}') }, { data: { constructor: 1 } }, { data: "x".repeat(8_191) }, { by: "admin" }],
  },
  "event:whisper": { good: { roomId: "r", name: "cursor.moved", data: { x: 1 } }, bad: [{ name: 1 }, { data: "x".repeat(1_023) }, { data: new Date(0) }, { id }] },
  "event:read": { good: { roomId: "r", name: "poll.opened", before: 7, limit: 50 }, bad: [{ name: null }, { after: 3 }, { before: 0 }, { limit: 0 }] },
  "stream:read": { good: { roomId: "r" }, bad: [{ roomId: "" }, { id }] },
  "room:write": {
    good: { roomId: "r", writes: [write] },
    bad: [
      { writes: [] },
      { writes: {} },
      { writes: Array.from({ length: 201 }, () => write) },
      { writes: [null] },
      { writes: [{ ...write, name: "room:write" }] },
      { writes: [{ ...write, name: "__proto__" }] },
      { writes: [{ ...write, extra: 1 }] },
      { writes: [{ ...write, input: { ...write.input, roomId: "other" } }] },
      { writes: [write, { name: "reaction:add", input: write.input }] },
    ],
  },
  "room:join": { good: { roomId: "r", after: cursor, limit: 50 }, bad: [{ after: 7 }, { after: { ...cursor, seq: -1 } }, { after: { ...cursor, extra: 1 } }, { limit: 0 }, { limit: -1 }, { limit: 1.5 }, { limit: 1_001 }, { limit: "50" }] },
  "room:leave": { good: { roomId: "r" }, bad: [{ roomId: ["r"] }] },
  "room:sync": { good: { roomId: "r", after: cursor }, bad: [{ after: undefined }, { after: { seq: 1 } }, { limit: 2 ** 53 }] },
  "history:read": { good: { roomId: "r", before: 7, threadId: id, limit: 50 }, bad: [{ threadId: 7 }, { before: 0 }, { after: 3 }, { around: 3 }, { before: Infinity }, { limit: null }] },
  "message:read": { good: { roomId: "r", messageIds: [id] }, bad: [{ messageIds: [] }, { messageIds: Array.from({ length: 51 }, () => id) }, { messageIds: id }, { messageIds: { 0: id, length: 1 } }] },
  "message:search": {
    good: { roomIds: ["r", "s"], query: "hello", from: "ann", before: 9, after: 3, cursor: { roomId: "r", seq: 7 }, limit: 20 },
    bad: [{ roomIds: [] }, { roomIds: "r" }, { roomIds: Array(51).fill("r") }, { roomIds: [{ $gt: "" }] }, { query: "" }, { query: "x".repeat(201) }, { query: { $gt: "" } }, { query: ["x"] }, { from: null }, { before: "3" }, { cursor: 7 }, { cursor: { roomId: "r", seq: 0 } }, { limit: 0 }],
  },
  "receipt:move": { good: { roomId: "r", seq: 3 }, bad: [{ seq: -1 }, { seq: -0 }, { seq: 2 ** 53 }, { userId: "bob" }] },
  "typing:set": { good: { roomId: "r", isTyping: true }, bad: [{ isTyping: 1 }, { isTyping: "true" }, { isTyping: null }] },
  "upload:request": { good: { roomId: "r", name: "a.png", size: 7, type: "image/png" }, bad: [{ name: "" }, { name: "\u202e" }, { name: "x".repeat(201) }, { size: 0 }, { size: -1 }, { size: 1.5 }, { size: "7" }, { size: 2 ** 53 }, { type: 7 }, { userId: "bob" }] },
  "upload:finish": { good: { roomId: "r", uploadId: id }, bad: [{ uploadId: "../x" }, { uploadId: [id] }, { type: "image/png" }] },
  "upload:cancel": { good: { roomId: "r", uploadId: id }, bad: [{ uploadId: null }] },
  "upload:read": { good: { roomId: "r", ids: [id] }, bad: [{ ids: [] }, { ids: id }, { ids: Array.from({ length: 51 }, () => id) }, { ids: ["x"] }] },
  "room:update": {
    good: { roomId: "r", id, settings: { name: "Lobby", topic: null, access: "private", slowModeMs: 5_000 } },
    bad: [{ settings: { name: "\u200b" } }, { settings: { access: "secret" } }, { settings: { writers: null } }, { settings: { slowModeMs: -1 } }, { settings: { slowModeMs: 1e12 } }, { settings: { retentionDays: 1 } }, { settings: undefined }, { by: "admin" }],
  },
  "room:list": { good: { after: "r", limit: 5 }, bad: [{ after: "a b" }, { limit: 0 }, { userId: "bob" }] },
  "room:members": { good: { roomId: "r", after: "bob", limit: 5 }, bad: [{ after: "" }, { limit: 1_001 }, { role: "moderator" }] },
  "room:open-direct": { good: { userId: "bob" }, bad: [{ userId: "" }, { userId: ["bob"] }, { name: "Bob" }] },
  "room:open-support": { good: {}, bad: [{ userId: "bob" }] },
  "member:add": { good: { roomId: "r", id, userId: "bob" }, bad: [{ userId: undefined }, { userId: "a\u0000" }, { role: "moderator" }, { name: "Bob" }, { by: "admin" }] },
  "member:remove": { good: { roomId: "r", id, userId: "bob" }, bad: [{ userId: 1 }, { bannedUntil: 1 }] },
  "member:set-role": { good: { roomId: "r", id, userId: "bob", role: "moderator" }, bad: [{ role: "admin" }, { role: null }, { role: undefined }] },
  "member:leave": { good: { roomId: "r", id }, bad: [{ userId: "bob" }, { id: "x" }] },
  "invite:create": { good: { roomId: "r", validMs: 1_000, uses: 3 }, bad: [{ validMs: 0 }, { validMs: 2 ** 40 }, { uses: 0 }, { uses: 1.5 }, { role: "moderator" }, { code: "mine" }] },
  "invite:accept": { good: { id, code: "t" }, bad: [{ code: "" }, { code: "x".repeat(257) }, { code: null }, { roomId: "r" }] },
  "session:refresh": { good: { token: "t", guestName: "Ann" }, bad: [{ token: "" }, { token: "x".repeat(8_193) }, { guestName: "\u200b" }, { roles: ["admin"] }, { user: {} }] },
  "message:report": { good: { roomId: "r", messageId: other, reason: "spam", note: "look" }, bad: [{ reason: "dislike" }, { reason: undefined }, { note: "" }, { note: "x".repeat(501) }, { by: "bob" }] },
  "report:list": { good: { roomId: "r", after: id, limit: 50 }, bad: [{ after: "x" }, { limit: 0 }, { before: id }] },
  "report:resolve": { good: { roomId: "r", id, reportId: other, action: "deleted", reason: "spam" }, bad: [{ action: "banned" }, { reportId: undefined }, { reason: "" }, { by: "admin" }] },
  "audit:read": { good: { roomId: "r", before: id, limit: 50 }, bad: [{ before: 7 }, { after: id }, { limit: 1_001 }] },
  "member:mute": { good: { roomId: "r", id, userId: "bob", forMs: 1, reason: "spam" }, bad: [{ forMs: 0 }, { forMs: -1 }, { forMs: Infinity }, { forMs: 1.5 }, { userId: undefined }, { mutedUntil: 1 }] },
  "member:unmute": { good: { roomId: "r", id, userId: "bob" }, bad: [{ forMs: 1 }, { userId: ["bob"] }] },
  "member:ban": { good: { roomId: "r", id, userId: "bob", reason: "spam" }, bad: [{ forMs: 315_360_000_001 }, { reason: "x".repeat(1_001) }, { address: "127.0.0.1" }] },
  "member:unban": { good: { roomId: "r", id, userId: "bob" }, bad: [{ id: undefined }] },
  "member:kick": { good: { roomId: "r", id, userId: "bob" }, bad: [{ forMs: 1 }, { userId: "" }] },
};

/** What no command takes, whatever it is about. */
const nonsense: unknown[] = [undefined, null, 0, NaN, "", "x", true, [], [{}], () => 0, JSON.parse('{"__proto__":{"isAdmin":true}}'), { constructor: { prototype: { isAdmin: true } } }];

describe.each(Object.entries(table))("%s", (name, { good, bad }) => {
  const { input } = commands[name as CommandName];

  it("takes what fits", () => {
    expect(input.parse(good)).toEqual(good);
  });

  it.each(bad)("refuses %j", (change) => {
    expect(input.safeParse({ ...good, ...change }).success).toBe(false);
  });

  it("refuses keys it does not know, those of Object.prototype included", () => {
    const withProto: unknown = JSON.parse(JSON.stringify({ ...good, extra: 1 }).replace('"extra":1', '"__proto__":{"isAdmin":true}'));
    for (const value of [{ ...good, extra: 1 }, { ...good, constructor: {} }, { ...good, toString: 1 }, withProto]) expect(input.safeParse(value).success).toBe(false);
    expect({}).not.toHaveProperty("isAdmin");
  });

  it("refuses nonsense without throwing", () => {
    for (const value of nonsense) expect(input.safeParse(value).success).toBe(false);
  });

  it("refuses each key when it is as deep, as wide or as long as a packet can be made", () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 20_000; depth += 1) deep = { deep };
    const huge = [deep, Array(30_000).fill(0), Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, 0])), "<".repeat(70_000), "e\u0301".repeat(35_000), "👩‍".repeat(40_000)];
    for (const key of Object.keys(good)) for (const value of huge) expect(input.safeParse({ ...good, [key]: value }).success).toBe(false);
  });

  it("names few places however much is wrong", () => {
    const wide = { ...good, ...Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, 0])) };
    expect(input.safeParse(wide).error?.issues.length).toBeLessThanOrEqual(5);
  });
});

it("takes at most one place to read history from, or none", () => {
  const { input } = commands["history:read"];
  for (const place of [{}, { before: 3 }, { after: 0 }, { around: 3 }]) expect(input.safeParse({ roomId: "r", ...place }).success).toBe(true);
});

describe("the handshake", () => {
  it.each([
    [{}],
    [{ protocol: [] }],
    [{ protocol: 1 }],
    [{ protocol: ["1"] }],
    [{ protocol: [0] }],
    [{ protocol: Array(17).fill(1) }],
    [{ protocol: [1], token: "" }],
    [{ protocol: [1], token: {} }],
    [{ protocol: [1], guestName: " " }],
    [{ protocol: [1], guestToken: "x".repeat(2_049) }],
    [{ protocol: [1], capabilities: ["x".repeat(65)] }],
    [{ protocol: [1], capabilities: Array(65).fill("x") }],
  ])("is refused as %j", (auth) => {
    expect(Handshake.safeParse(auth).success).toBe(false);
  });

  it("drops what it does not know", () => {
    expect(Handshake.parse(JSON.parse('{"protocol":[1],"__proto__":{"isAdmin":true},"constructor":1}'))).toEqual({ protocol: [1] });
  });
});
