import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { v7 as uuidv7 } from "uuid";
import { expect, it, onTestFinished } from "vitest";
import type { ChatServer } from "../src/chat-server.js";
import type { ChatServerOptions } from "../src/options.js";
import type { ChatStore } from "../src/stores/chat-store.js";
import { memoryStore } from "../src/stores/memory-store.js";
import { recordKey } from "../src/stores/records.js";
import { sqliteStore } from "../src/stores/sqlite/sqlite-store.js";
import { diskFiles } from "../src/uploads/disk-files.js";
import { createMesh } from "./cluster/mesh.js";
import { areConnected, startCluster } from "./cluster/cluster.js";
import { FaultyStore } from "./faulty-store.js";
import { ManualClock } from "./manual-clock.js";
import { connect, refusalOf } from "./test-client.js";
import { png } from "./pictures.js";
import { startServer } from "./test-server.js";
import { sendFile, uploadFile } from "./upload-client.js";

const key = "0123456789abcdef0123456789abcdef";
const picture = "https://example.com/annabel.png";
const people: Record<string, { id: string; name: string; avatarUrl?: string }> = {
  ann: { id: "ann", name: "Annabel", avatarUrl: picture },
  bob: { id: "bob", name: "Bob" },
};
const authenticate: NonNullable<ChatServerOptions["authenticate"]> = ({ token }) => (token === undefined ? undefined : people[token]);

async function start(options: ChatServerOptions = {}) {
  const server = await startServer({ authenticate, store: memoryStore(), api: { keys: [key] }, ...options });
  const come = async (token: string, ...roomIds: string[]) => {
    const client = await connect(server.origin, { token });
    for (const roomId of roomIds) await client.ask("room:join", { roomId });
    return client;
  };
  return { ...server, come };
}

async function exported(chat: ChatServer, userId: string) {
  const data = [];
  for await (const datum of chat.users.export(userId)) data.push(datum);
  return data;
}

/** Makes somebody a member, or bans them. */
async function becomes(store: ChatStore, roomId: string, state: { role?: "member"; bannedUntil?: number }) {
  const member = { user: { ...people["ann"], id: "ann", name: "Annabel" }, ...state };
  const [collection, key, value] = ["members", recordKey(roomId, "ann"), member];
  await store.append(roomId, [{ draft: { type: "member.changed", id: uuidv7(), by: "bob", change: "role", member }, at: 5, fingerprint: "", records: [{ collection, key, value }] }]);
}

/** Two people in two rooms, one of whom was a guest before. */
async function story(options: ChatServerOptions = {}) {
  const { store = memoryStore() } = options;
  const server = await start({ ...options, store });
  const visitor = await connect(server.origin, { guestName: "Annie-as-guest" });
  await visitor.ask("room:join", { roomId: "lobby" });
  const asGuest = await visitor.send("lobby", "xylophone as a guest");
  const ann = await connect(server.origin, { token: "ann", guestToken: visitor.ready.guestToken ?? "" });
  const bob = await server.come("bob", "lobby", "other");
  for (const roomId of ["lobby", "other"]) await ann.ask("room:join", { roomId });
  const first = await ann.send("lobby", "xylophone first");
  await ann.ask("message:edit", { roomId: "lobby", id: uuidv7(), messageId: first.id, text: "xylophone second" });
  const theirs = await bob.send("lobby", "bob was here");
  await bob.ask("reaction:add", { roomId: "lobby", id: uuidv7(), messageId: first.id, emoji: "🎉" });
  for (const emoji of ["👍", "❤️"]) await ann.ask("reaction:add", { roomId: "lobby", id: uuidv7(), messageId: theirs.id, emoji });
  await ann.ask("reaction:remove", { roomId: "lobby", id: uuidv7(), messageId: theirs.id, emoji: "❤️" });
  const elsewhere = await ann.send("other", "xylophone elsewhere");
  await ann.ask("receipt:move", { roomId: "lobby", seq: 3 });
  await bob.ask("receipt:move", { roomId: "lobby", seq: 2 });
  await expect.poll(async () => (await store.receipts("lobby")).length, { timeout: 5_000 }).toBe(2);
  await store.writeRecords([{ collection: "thread-positions", key: recordKey("lobby", "ann", first.id), value: { seq: 2 } }]);
  await becomes(store, "other", { role: "member" });
  await becomes(store, "secret", { bannedUntil: 99 });
  return { ...server, store, visitor, ann, bob, asGuest, first, theirs, elsewhere };
}

it("gives all that is kept of a user and of the guest they were, and nothing of others but their ids", async () => {
  const { chat, store, visitor, asGuest, first, theirs, elsewhere } = await story();
  // Of somebody who was more guests than are told to others; and one who was not them after all.
  const identities = { "0-guest": { account: "ann" }, "1-guest": { account: "ann", revokedBefore: 1 }, "2-guest": { account: "bob" } };
  await store.writeRecords(Object.entries(identities).map(([key, value]) => ({ collection: "identities", key, value })));
  const data = await exported(chat, "ann");
  const at = expect.any(Number);
  expect(data).toEqual([
    { kind: "user", userIds: ["ann", "0-guest", visitor.ready.user.id] },
    { kind: "message", roomId: "lobby", message: expect.objectContaining({ id: asGuest.id, text: "xylophone as a guest" }) },
    { kind: "message", roomId: "lobby", message: expect.objectContaining({ id: first.id, text: "xylophone second", sentAt: at, editedAt: at, author: people["ann"] }) },
    { kind: "edit", roomId: "lobby", seq: 3, at, messageId: first.id, text: "xylophone second" },
    { kind: "reaction", roomId: "lobby", seq: 6, at, messageId: theirs.id, emoji: "👍" },
    { kind: "message", roomId: "other", message: expect.objectContaining({ id: elsewhere.id }) },
    { kind: "membership", roomId: "other", seq: 2, at, change: "role", by: "bob", user: people["ann"] },
    { kind: "membership", roomId: "secret", seq: 1, at, change: "role", by: "bob", user: people["ann"] },
    { kind: "receipt", roomId: "lobby", seq: 3 },
    { kind: "record", collection: "members", key: ["other", "ann"], value: { user: people["ann"], role: "member" } },
    { kind: "record", collection: "members", key: ["secret", "ann"], value: { user: people["ann"], bannedUntil: 99 } },
    { kind: "record", collection: "thread-positions", key: ["lobby", "ann", first.id], value: { seq: 2 } },
  ]);
  expect(JSON.stringify(data)).not.toMatch(/bob was here|Bob|🎉/);
  expect(await exported(chat, "nobody")).toEqual([{ kind: "user", userIds: ["nobody"] }]);
  await expect(exported(chat, "")).rejects.toMatchObject({ code: "invalid" });
});

it("leaves no text, name or picture of an erased user on any screen or anywhere in the store's files, and everybody else as they were", async () => {
  const folder = mkdtempSync(join(tmpdir(), "privacy-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { chat, store, origin, come, log, visitor, ann, bob, first, asGuest, theirs } = await story({ store: sqliteStore({ filename: join(folder, "chat.db") }) });
  const files = () => readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString("latin1"));
  expect(files().join("")).toMatch(/Annabel/);

  expect(await chat.users.erase("ann", { by: "support" })).toEqual({ messages: 3, reactions: 1, uploads: 0, reports: 0, memberships: 1, events: 5 });
  for (const client of [ann, visitor]) await client.ends();
  await expect.poll(() => bob.events("lobby").filter(({ type }) => type === "message.deleted")).toMatchObject([{ messageId: asGuest.id, by: "support" }, { messageId: first.id, by: "support" }]);
  expect(bob.events("lobby").filter(({ type }) => type === "reaction.removed")).toMatchObject([{ emoji: "❤️" }, { emoji: "👍", messageId: theirs.id }]);
  expect(await refusalOf(connect(origin, { guestToken: visitor.ready.guestToken ?? "" }))).toMatchObject({ code: "forbidden" });

  const late = await connect(origin, { guestName: "Late" });
  const told = [];
  await bob.ask("room:join", { roomId: "secret" });
  for (const roomId of ["lobby", "other", "secret"]) {
    const { catchUp } = await late.ask("room:join", { roomId });
    told.push(catchUp, await bob.ask("history:read", { roomId, limit: 50 }), await bob.ask("room:sync", { roomId, after: { epoch: catchUp.epoch, seq: 0 } }));
  }
  told.push(await late.ask("message:search", { roomIds: ["lobby", "other"], query: "xylophone" }), await late.ask("room:join", { roomId: "lobby" }));
  expect(JSON.stringify(told)).not.toMatch(/annabel|annie|xylophone/i);
  expect(await chat.room("lobby").message(theirs.id)).toMatchObject({ text: "bob was here", author: people["bob"], reactions: [] });
  expect(await store.receipts("lobby")).toEqual([{ userId: "bob", seq: 2 }]);
  expect(await store.records("members", { limit: 9 })).toMatchObject([{ key: recordKey("secret", "ann"), value: { user: { id: "ann", name: "?" }, bannedUntil: 99 } }]);
  for (const collection of ["erasures", "thread-positions"]) expect(await store.records(collection, { limit: 9 })).toEqual([]);
  expect(log.lines.at(-1)).toMatchObject({ level: "info", message: "erased a user", fields: { userId: "ann", messages: 3 } });
  expect(JSON.stringify(await exported(chat, "ann"))).not.toMatch(/annabel|annie|xylophone/i);

  expect(await chat.users.erase("ann", { by: "support" })).toEqual({ messages: 0, reactions: 0, uploads: 0, reports: 0, memberships: 0, events: 0 });
  const again = await come("ann", "lobby");
  expect(await again.send("lobby", "somebody new by the same id")).toMatchObject({ author: people["ann"] });
  await chat.users.erase("ann", { by: "ann" });
  await chat.close({ drainMs: 0 });
  expect(files().join("")).not.toMatch(/annabel|annie|xylophone|somebody new/i);
  expect(files().join("")).toMatch(/bob was here/);
});

it("gives the files of a user, used or not, and removes them with the user", async () => {
  const folder = mkdtempSync(join(tmpdir(), "privacy-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const store = memoryStore();
  const { chat, origin, come } = await start({ store, uploads: { files: diskFiles({ folder }) } });
  const [ann, bob] = [await come("ann", "lobby"), await come("bob", "lobby")];
  const [picture, other] = [await png(4, 3), await png(2, 2)];
  const used = await uploadFile(origin, ann, "lobby", picture, "annabel.png");
  await ann.ask("message:send", { roomId: "lobby", id: uuidv7(), text: "look", attachments: [{ uploadId: used.id }] });
  await sendFile(origin, ann, "lobby", picture, "annabel-unfinished.png");
  await uploadFile(origin, bob, "lobby", other, "bob.png");
  const uploads = (await exported(chat, "ann")).flatMap((datum) => (datum.kind === "upload" ? [datum] : []));
  expect(uploads).toMatchObject([{ id: used.id, roomId: "lobby", name: "annabel.png", type: "image/png", size: picture.length, messageId: expect.any(String) }, { name: "annabel-unfinished.png" }]);
  const fetched = await fetch(new URL(uploads[0]?.url ?? "", `${origin}/chat/`));
  expect((await fetched.arrayBuffer()).byteLength).toBe(used.size);
  expect(await chat.users.erase("ann", { by: "ann" })).toMatchObject({ messages: 1, uploads: 2 });
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files).toHaveLength(1);
  for (const collection of ["uploads", "upload-usage"]) expect(await store.records(collection, { limit: 9 })).toHaveLength(1);
  expect(JSON.stringify([await store.allEvents(undefined, 99), await store.records("uploads", { limit: 9 })])).not.toMatch(/annabel/i);
  await uploadFile(origin, bob, "lobby", other, "bob-2.png");
  await chat.close({ drainMs: 0 });
  const without = await start({ store });
  await expect(without.chat.users.erase("bob", { by: "bob" })).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("`uploads`") });
});

it("gives what a user published of the application's own, and takes it out of the log", async () => {
  const store = memoryStore();
  const { chat } = await start({ store });
  await chat.ready;
  const publish = (id: string) => store.append("lobby", [{ draft: { type: "event.published", id: uuidv7(), author: { ...people[id], id, name: id }, name: "poll.opened", data: { question: `xylophone of ${id}` } }, at: 1, fingerprint: "" }]);
  for (const id of ["ann", "bob"]) await publish(id);
  expect(JSON.stringify(await exported(chat, "ann"))).toMatch(/poll\.opened.*xylophone of ann/);
  expect(await chat.users.erase("ann", { by: "ann" })).toMatchObject({ messages: 0, events: 1 });
  const left = JSON.stringify(await store.allEvents(undefined, 9));
  expect(left).not.toMatch(/xylophone of ann|annabel/i);
  expect(left).toMatch(/xylophone of bob/);
});

it("gives what a user reported and what of theirs was, and keeps none of their words when they are erased", async () => {
  const store = memoryStore();
  const { chat, come } = await start({ store, authenticate: ({ token }) => (token === "mia" ? { id: "mia", name: "Mia", roles: ["moderator"] } : people[token ?? ""]) });
  const [ann, bob, mia] = [await come("ann", "lobby"), await come("bob", "lobby"), await come("mia", "lobby")];
  const [own, theirs] = [await ann.send("lobby", "xylophone"), await bob.send("lobby", "bob was here")];
  await bob.ask("message:report", { roomId: "lobby", messageId: own.id, reason: "spam", note: "says bob" });
  await ann.ask("message:report", { roomId: "lobby", messageId: theirs.id, reason: "hate", note: "xylophone note" });
  await chat.moderation.ban({ userId: "ann" }, { by: "mia", reason: "enough" });
  const at = expect.any(Number);
  const of = async (id: string) => (await exported(chat, id)).filter(({ kind }) => kind === "report" || kind === "complaint" || kind === "record");
  expect(await of("ann")).toEqual([
    { kind: "record", collection: "bans", key: ["user", "ann"], value: { userId: "ann", at, by: "mia", reason: "enough" } },
    { kind: "report", roomId: "lobby", reportId: expect.any(String), messageId: own.id, at, text: "xylophone", resolution: undefined },
    { kind: "complaint", roomId: "lobby", reportId: expect.any(String), messageId: theirs.id, at, reason: "hate", note: "xylophone note" },
  ]);
  expect(await chat.users.erase("ann", { by: "support" })).toMatchObject({ messages: 1, reports: 2 });
  const { reports } = await mia.ask("report:list", { roomId: "lobby" });
  expect(reports).toMatchObject([
    { author: { id: "ann", name: "?" }, text: "", complaints: [{ by: "bob", note: "says bob" }] },
    { author: people["bob"], text: "bob was here", complaints: [{ by: "ann", reason: "hate" }] },
  ]);
  expect(JSON.stringify([reports, await store.allEvents(undefined, 99), await store.records("audit", { limit: 99 })])).not.toMatch(/xylophone|annabel/i);
  expect(await refusalOf(come("ann"))).toMatchObject({ code: "banned" });
  expect(await chat.users.erase("ann", { by: "support" })).toMatchObject({ reports: 0 });
  expect(await store.records("staff", { limit: 9 })).toHaveLength(1);
  await chat.users.erase("mia", { by: "support" });
  expect(await store.records("staff", { limit: 9 })).toEqual([]);
});

it("goes on with what another server left undone", async () => {
  const store = new FaultyStore();
  const clock = new ManualClock();
  const { chat } = await start({ store });
  for (let n = 0; n < 5; n += 1) await chat.room("lobby").send({ author: { id: "ann", name: "Annabel" }, text: `xylophone ${n}` });
  await chat.room("other").send({ author: { id: "ann", name: "Annabel" }, text: "xylophone" });
  store.failingAppends = 9;
  await expect(chat.users.erase("ann", { by: "support" })).rejects.toMatchObject({ code: "unavailable" });
  await chat.close({ drainMs: 0 });
  store.failingAppends = 0;
  expect(JSON.stringify(await store.allEvents(undefined, 99))).toMatch(/xylophone/);
  // One before it that cannot be ended, for want of the place of its files.
  await store.writeRecords([{ collection: "erasures", key: "aaa", value: { userIds: ["aaa"], by: "nobody", at: 1 } }, { collection: "upload-usage", key: "aaa", value: { bytes: 1 } }]);
  const next = await start({ store, clock });
  await next.chat.ready;
  clock.advance(10_000);
  await expect.poll(async () => JSON.stringify([await store.allEvents(undefined, 99), await store.records("erasures", { limit: 9 })])).not.toMatch(/xylophone|annabel|support"\}/i);
  expect(next.log.messages("error")).toEqual([expect.stringContaining("it is tried again within the hour")]);
  expect(await store.messages("lobby", { limit: 9 })).toMatchObject({ messages: Array.from({ length: 5 }, () => ({ deletedBy: "support", author: { name: "?" } })) });
});

it("says so when the user goes on writing, and does it once they do not", async () => {
  const store = memoryStore();
  let isWriting = true;
  const write = (text: string) => store.append("lobby", [{ draft: { type: "message.sent", id: uuidv7(), author: { id: "ann", name: "Annabel" }, text }, at: 1, fingerprint: "" }]);
  const { chat } = await start({
    store: {
      ...store,
      forgetReader: async (userId) => {
        if (isWriting) await write("still here");
        await store.forgetReader(userId);
      },
    },
  });
  await chat.ready;
  await write("xylophone");
  await expect(chat.users.erase("ann", { by: "ann" })).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("go on writing") });
  isWriting = false;
  expect(await chat.users.erase("ann", { by: "ann" })).toMatchObject({ messages: 1 });
  await expect(chat.users.erase("ann", { by: "" })).rejects.toMatchObject({ code: "invalid" });
});

it("has every node let go of what it remembers", async () => {
  const mesh = createMesh();
  const cluster = await startCluster([mesh(), mesh()]);
  await areConnected(cluster);
  const [ann, bob] = [await cluster.join(0, "Annabel"), await cluster.join(1, "Bob")];
  await ann.send("lobby", "xylophone");
  await bob.hears("room:events");
  await ann.ask("receipt:move", { roomId: "lobby", seq: 1 });
  await bob.hears("receipt:moved");
  // Read into what both nodes remember.
  for (const node of [0, 1]) await cluster.join(node);
  await cluster.nodes[0]?.chat.users.erase(ann.ready.user.id, { by: "support" });
  await ann.ends();
  for (const node of [0, 1]) {
    await expect.poll(async () => {
      const late = await connect(cluster.nodes[node]?.origin ?? "");
      const joined = await late.ask("room:join", { roomId: "lobby" });
      late.socket.disconnect();
      return JSON.stringify([joined.catchUp, joined.receipts]);
    }).not.toMatch(/Annabel|xylophone|"seq":1,"userId"|"userId":"guest/);
  }
});

it("exports and erases over HTTP", async () => {
  const { chat, origin } = await start();
  await chat.room("lobby").send({ author: { id: "shop/ann", name: "Annabel" }, text: "one\ntwo" });
  const ask = (method: string, path: string) => fetch(`${origin}/chat/api/users/${encodeURIComponent("shop/ann")}${path}`, { method, headers: { authorization: `Bearer ${key}` } });
  const response = await ask("GET", "/export");
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/x-ndjson; charset=utf-8"]);
  const lines = (await response.text()).trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ kind: "user", userIds: ["shop/ann"] }, { kind: "message", roomId: "lobby", message: { text: "one\ntwo" } }]);
  expect((await ask("DELETE", "")).status).toBe(400);
  const erased = await ask("DELETE", "?by=support");
  expect([erased.status, await erased.json()]).toEqual([200, { messages: 1, reactions: 0, uploads: 0, reports: 0, memberships: 0, events: 1 }]);
  const refused = await fetch(`${origin}/chat/api/users/${"x".repeat(500)}/export`, { headers: { authorization: `Bearer ${key}` } });
  expect([refused.status, await refused.json()]).toMatchObject([400, { error: { code: "invalid" } }]);
});
