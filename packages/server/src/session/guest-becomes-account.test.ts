import { describe, expect, it, vi } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { type TestClient, connect, refusalOf } from "../../test/test-client.js";
import { startServer } from "../../test/test-server.js";
import type { ChatServerOptions } from "../options.js";
import { memoryStore } from "../stores/memory-store.js";

const roomId = "lobby";
const authenticate: ChatServerOptions["authenticate"] = ({ token }) => (token === undefined ? undefined : { id: token, name: token });
const start = (options: ChatServerOptions = {}) => startServer({ guests: true, authenticate, ...options });

async function guest(origin: string, ...roomIds: string[]): Promise<TestClient & { token: string; id: string }> {
  const client = await connect(origin);
  for (const roomId of roomIds) await client.ask("room:join", { roomId });
  return Object.assign(client, { token: client.ready.guestToken ?? "", id: client.ready.user.id });
}

it("tells an account which guest it was, at every connection, and ends those of the guest", async () => {
  const { origin } = await start();
  const [visitor, other] = [await guest(origin), await guest(origin)];
  const ann = await connect(origin, { token: "ann", guestToken: visitor.token });
  expect(ann.ready).toMatchObject({ user: { id: "ann", roles: ["member"], formerIds: [visitor.id] } });
  expect(ann.ready.guestToken).toBeUndefined();
  await visitor.ends();
  expect(other.socket.connected).toBe(true);
  expect((await connect(origin, { token: "ann" })).ready.user.formerIds).toEqual([visitor.id]);
  expect(await ann.ask("session:refresh", { token: "ann" })).toMatchObject({ user: { formerIds: [visitor.id] } });
  expect((await connect(origin, { token: "bob" })).ready.user.formerIds).toBeUndefined();
});

it("lets an account edit and delete what the guest wrote, and nobody else", async () => {
  const { origin } = await start();
  const visitor = await guest(origin, roomId);
  const { id: messageId } = await visitor.send(roomId, "as a guest");
  const ann = await connect(origin, { token: "ann", guestToken: visitor.token });
  const bob = await connect(origin, { token: "bob" });
  for (const client of [ann, bob]) await client.ask("room:join", { roomId });
  expect(await refusalOf(bob.ask("message:edit", { roomId, id: uuidv7(), messageId, text: "by bob" }))).toMatchObject({ code: "forbidden" });
  await ann.ask("message:edit", { roomId, id: uuidv7(), messageId, text: "as ann" });
  const { messages } = await bob.ask("message:read", { roomId, messageIds: [messageId] });
  // The log is not changed: who wrote it then is who wrote it.
  expect(messages).toMatchObject([{ text: "as ann", author: { id: visitor.id } }]);
  await ann.ask("message:delete", { roomId, id: uuidv7(), messageId });
  expect(JSON.stringify(bob.heard)).not.toContain("formerIds");
});

it("keeps the rooms of a visitor open to the account", async () => {
  const { origin } = await start({ authorize: ({ user, roomId }) => (roomId.startsWith("visitor/") ? [user.id, ...(user.formerIds ?? [])].includes(roomId.slice(8)) : undefined) });
  const visitor = await guest(origin);
  const own = `visitor/${visitor.id}`;
  await visitor.ask("room:join", { roomId: own });
  await visitor.send(own, "help");
  const ann = await connect(origin, { token: "ann", guestToken: visitor.token });
  expect((await ann.ask("room:join", { roomId: own })).catchUp).toMatchObject({ messages: [{ text: "help" }] });
  const bob = await connect(origin, { token: "bob", guestToken: visitor.token });
  expect(await refusalOf(bob.ask("room:join", { roomId: own }))).toMatchObject({ code: "forbidden" });
});

it("does once what a guest asked and the account asks again", async () => {
  const { origin } = await start();
  const visitor = await guest(origin, roomId);
  const sent = await visitor.send(roomId, "once");
  const ann = await connect(origin, { token: "ann", guestToken: visitor.token });
  await ann.ask("room:join", { roomId });
  expect(await ann.send(roomId, "once", sent.id)).toEqual(sent);
  expect(await refusalOf(ann.send(roomId, "something else", sent.id))).toMatchObject({ code: "conflict" });
  const bob = await connect(origin, { token: "bob" });
  await bob.ask("room:join", { roomId });
  expect(await refusalOf(bob.send(roomId, "once", sent.id))).toMatchObject({ code: "conflict" });
});

describe("a guest who became an account", () => {
  it("is no guest any more: who uses the browser next is a new one", async () => {
    const { origin } = await start();
    const visitor = await guest(origin);
    await connect(origin, { token: "ann", guestToken: visitor.token });
    const next = await connect(origin, { guestToken: visitor.token });
    expect(next.ready.user).toMatchObject({ roles: ["guest"], id: expect.not.stringContaining(visitor.id) });
  });

  it("becomes no second account, not even when both come at once", async () => {
    const { origin } = await start();
    const visitor = await guest(origin);
    const people = await Promise.all(["ann", "bob", "cho"].map((token) => connect(origin, { token, guestToken: visitor.token })));
    expect(people.filter(({ ready }) => ready.user.formerIds?.includes(visitor.id))).toHaveLength(1);
  });
});

it("believes nobody's word for which guest they were", async () => {
  const { origin } = await start();
  const visitor = await guest(origin);
  const forged = `${visitor.token.slice(0, -4)}AAAA`;
  expect((await connect(origin, { token: "eve", guestToken: forged })).ready.user.formerIds).toBeUndefined();
  const other = await startServer({ guests: true, store: memoryStore() });
  const stranger = await guest(other.origin);
  expect((await connect(origin, { token: "eve", guestToken: stranger.token })).ready.user.formerIds).toBeUndefined();
  expect((await connect(origin, { auth: { protocol: [1], token: "eve", formerIds: [visitor.id], user: { formerIds: [visitor.id] } } })).ready.user.formerIds).toBeUndefined();
  expect(visitor.socket.connected).toBe(true);
});

it("remembers the latest ten", async () => {
  const { origin } = await start();
  const ids: string[] = [];
  for (let n = 0; n < 12; n++) {
    const { token, id } = await guest(origin);
    ids.push(id);
    await connect(origin, { token: "ann", guestToken: token }).then((ann) => ann.close());
  }
  expect((await connect(origin, { token: "ann" })).ready.user.formerIds).toEqual(ids.slice(-10));
});

it("links nobody where that is switched off, or the guest was revoked", async () => {
  const off = await start({ linkGuests: false });
  const visitor = await guest(off.origin);
  expect((await connect(off.origin, { token: "ann", guestToken: visitor.token })).ready.user.formerIds).toBeUndefined();
  expect((await connect(off.origin, { guestToken: visitor.token })).ready.user.id).toBe(visitor.id);
  const on = await start();
  const banned = await guest(on.origin);
  await on.chat.revoke(banned.id);
  expect((await connect(on.origin, { token: "ann", guestToken: banned.token })).ready.user.formerIds).toBeUndefined();
});

it("takes the application's word for other ids of the past", async () => {
  const { origin } = await start({ authenticate: () => ({ id: "new", name: "Ann", formerIds: ["old"] }) });
  expect((await connect(origin)).ready.user.formerIds).toEqual(["old"]);
  await vi.waitFor(async () => expect((await connect(origin, { guestToken: "x" })).ready.user.formerIds).toEqual(["old"]));
});
