import type { Socket } from "node:net";
import { expect, it, vi } from "vitest";
import { memoryStore } from "../../src/stores/memory-store.js";
import type { ChatServerOptions } from "../../src/options.js";
import { RawSocket } from "../raw-socket.js";
import { connect, refusalOf } from "../test-client.js";
import { type TestServer, startServer } from "../test-server.js";
import { areConnected } from "./cluster.js";
import { createMesh } from "./mesh.js";

const roomId = "lobby";
const plenty = { burst: 10_000, perSecond: 10_000 };

/** Two nodes of one chat. */
async function two(options: ChatServerOptions = {}): Promise<[TestServer, TestServer]> {
  const [adapter, store] = [createMesh(), memoryStore()];
  const start = () => startServer({ store, adapter: adapter(), rates: { write: plenty, room: plenty, packets: plenty }, ...options });
  const nodes: [TestServer, TestServer] = [await start(), await start()];
  await areConnected({ nodes });
  return nodes;
}

it("cuts a user who is revoked from every node at once, in the middle of a hundred messages, and lets them in no more", async () => {
  const [one, other] = await two();
  const ann = await connect(one.origin, { guestName: "Ann" });
  await ann.ask("room:join", { roomId });
  const eve = await connect(one.origin, { guestName: "Eve" });
  const guestToken = eve.ready.guestToken ?? "";
  const there = await connect(other.origin, { guestToken, transports: ["polling"] });
  const also = await connect(other.origin, { guestToken });
  const everywhere = [eve, there, also];
  for (const client of everywhere) await client.ask("room:join", { roomId });
  const sent = Array.from({ length: 100 }, (_, n) => ann.send(roomId, `message ${n}`));
  await Promise.race(sent);
  const endedAt = everywhere.map((client) => new Promise<number>((resolve) => client.socket.once("disconnect", () => resolve(performance.now()))));
  const startedAt = performance.now();
  await one.chat.revoke(eve.ready.user.id);
  for (const at of await Promise.all(endedAt)) expect(at - startedAt).toBeLessThan(1_000);
  for (const { origin } of [one, other]) expect(await refusalOf(connect(origin, { guestToken }))).toMatchObject({ code: "forbidden", retry: "no" });
  await Promise.all(sent);
  expect(ann.events(roomId).length).toBeGreaterThan(0);
  // Nothing of it makes a new guest of them that goes on as the old one.
  expect((await connect(other.origin)).ready.user.id).not.toBe(eve.ready.user.id);
});

it("sends nothing of what waits for a user who is revoked", async () => {
  const [one, other] = await two({ authenticate: ({ token }) => ({ id: token ?? "eve", name: "Somebody" }) });
  const sockets: Socket[] = [];
  other.http.on("connection", (socket: Socket) => void sockets.push(socket));
  const reader = new RawSocket(other.port);
  await reader.join(roomId);
  reader.socket.pause();
  const ann = await connect(other.origin, { token: "ann" });
  await ann.ask("room:join", { roomId });
  // The first to come.
  const isFull = () => (sockets[0]?.writableLength ?? 0) > 0;
  // More than the network takes.
  while (!isFull()) await ann.send(roomId, "x".repeat(16_000));
  for (let n = 0; n < 20; n++) await ann.send(roomId, "x".repeat(16_000));
  await ann.send(roomId, "the last word");
  await one.chat.revoke("eve");
  await vi.waitFor(() => expect(sockets[0]?.destroyed).toBe(true));
  reader.socket.resume();
  await reader.ends();
  expect(reader.received).toContain("xxx");
  expect(reader.received).not.toContain("the last word");
});

it("refuses tokens that were made before a revocation, and takes those made after it", async () => {
  const [one, other] = await two({ guests: false, authenticate: ({ token = "" }) => ({ id: "ann", name: "Ann", ...(token !== "" && { issuedAt: Number(token) }) }) });
  const now = Date.now();
  const ann = await connect(one.origin, { token: String(now - 10_000) });
  const untold = await connect(other.origin);
  await one.chat.revoke("ann", { before: now - 5_000 });
  for (const client of [ann, untold]) await client.ends();
  expect(await refusalOf(connect(other.origin, { token: String(now - 5_001) }))).toMatchObject({ code: "unauthenticated", retry: "reauth" });
  const later = await connect(other.origin, { token: String(now - 5_000) });
  // The session is not renewed with an older token, nor is a revocation taken back by an earlier one.
  expect(await refusalOf(later.ask("session:refresh", { token: String(now - 6_000) }))).toMatchObject({ code: "unauthenticated" });
  await one.chat.revoke("ann", { before: now - 60_000 });
  await later.ends();
  expect(await refusalOf(connect(one.origin, { token: String(now - 6_000) }))).toMatchObject({ code: "unauthenticated" });
  // Of whom the age is not known the application is asked, as always.
  await connect(one.origin);
});

it("refuses to revoke what is no user, or before what is no time", async () => {
  const { chat } = await startServer();
  await expect(chat.revoke("")).rejects.toMatchObject({ code: "invalid" });
  await expect(chat.revoke("ann", { before: Number.NaN })).rejects.toMatchObject({ code: "invalid" });
});
