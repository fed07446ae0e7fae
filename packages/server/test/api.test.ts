import { Validator } from "@seriousme/openapi-schema-validator";
import { v7 as uuidv7 } from "uuid";
import { expect, it } from "vitest";
import { ManualClock } from "./manual-clock.js";
import { connect } from "./test-client.js";
import { startServer } from "./test-server.js";

const key = "0123456789abcdef0123456789abcdef";
const other = `${key}-next`;
const ann = { id: "ann", name: "Ann" };

async function start(options: Parameters<typeof startServer>[0] = {}) {
  const server = await startServer({ api: { keys: [key, other] }, ...options });
  /** Asks as another program would; what is to be sent may also be a text as it stands. */
  const ask = async (method: string, path: string, body?: object | string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${server.origin}/chat/api/${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { "content-type": "application/json" }), ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, data: text === "" ? undefined : JSON.parse(text) };
  };
  return { ...server, ask };
}

it("does what the server's own code can do with messages", async () => {
  const { ask, origin } = await start();
  const reader = await connect(origin);
  await reader.ask("room:join", { roomId: "shop/42" });
  const room = `rooms/${encodeURIComponent("shop/42")}`;
  const sent = await ask("POST", `${room}/messages`, { author: ann, text: "hello" });
  expect([sent.status, sent.data]).toMatchObject([201, { seq: 1, text: "hello", author: ann }]);
  const { id } = sent.data;
  expect(await ask("GET", `${room}/messages/${id}`)).toMatchObject({ status: 200, data: sent.data });
  expect(await ask("PATCH", `${room}/messages/${id}`, { by: "ann", text: "hello!" })).toMatchObject({ status: 200, data: { text: "hello!" } });
  expect(await ask("PUT", `${room}/messages/${id}/reactions/${encodeURIComponent("👍")}?by=bob`)).toMatchObject({ data: { reactions: [{ emoji: "👍", userIds: ["bob"] }] } });
  expect(await ask("DELETE", `${room}/messages/${id}/reactions/${encodeURIComponent("👍")}?by=bob`)).toMatchObject({ data: { reactions: [] } });
  await ask("POST", `${room}/messages`, { author: ann, text: "second", replyTo: id });
  expect(await ask("GET", `${room}/messages?limit=1`)).toMatchObject({ status: 200, data: { messages: [{ text: "second", replyTo: id }], hasOlder: true } });
  expect(await ask("GET", `${room}/messages?before=5`)).toMatchObject({ data: { messages: [{ text: "hello!" }] } });
  expect(await ask("DELETE", `${room}/messages/${id}?by=moderation`)).toMatchObject({ status: 200, data: { text: "", deletedBy: "moderation" } });
  await expect.poll(() => reader.events("shop/42").map(({ type }) => type)).toEqual(["message.sent", "message.edited", "reaction.added", "reaction.removed", "message.sent", "message.deleted"]);
});

it("does once what is asked twice under one id", async () => {
  const { ask } = await start();
  const message = { author: ann, text: "once", id: uuidv7() };
  const answers = [await ask("POST", "rooms/lobby/messages", message), await ask("POST", "rooms/lobby/messages", message)];
  expect(answers[1]?.data).toEqual(answers[0]?.data);
  expect(await ask("POST", "rooms/lobby/messages", { ...message, text: "twice" })).toMatchObject({ status: 409, data: { error: { code: "conflict" } } });
  expect((await ask("GET", "rooms/lobby/messages")).data.messages).toHaveLength(1);
});

it("ends the connections of a user", async () => {
  const { ask, origin } = await start();
  const guest = await connect(origin);
  expect(await ask("POST", `users/${guest.ready.user.id}/disconnect`)).toMatchObject({ status: 204, data: undefined });
  await guest.ends();
});

it("makes rooms, says how they are run and who belongs to them", async () => {
  const { ask } = await start();
  expect(await ask("PUT", "rooms/team", { by: "shop", settings: { name: "Team", access: "private", retentionDays: 30 }, members: [ann, "bob"] })).toMatchObject({ status: 201, data: { settings: { name: "Team", access: "private" } } });
  expect(await ask("PUT", "rooms/team", { by: "shop" })).toMatchObject({ status: 409 });
  expect(await ask("PATCH", "rooms/team", { by: "shop", settings: { isLocked: true, retentionDays: null } })).toMatchObject({ status: 200, data: { settings: { name: "Team", isLocked: true } } });
  expect(await ask("GET", "rooms/team")).toMatchObject({ status: 200, data: { roomId: "team" } });
  expect(await ask("GET", "rooms/nowhere")).toMatchObject({ status: 404 });
  expect((await ask("PUT", "rooms/team/members/eve", { by: "shop", name: "Eve", role: "moderator" })).status).toBe(204);
  expect((await ask("DELETE", "rooms/team/members/bob?by=shop")).status).toBe(204);
  expect(await ask("GET", "rooms/team/members")).toMatchObject({ data: { members: [{ user: ann, role: "member" }, { user: { id: "eve", name: "Eve" }, role: "moderator" }] } });
  expect(await ask("GET", "rooms?limit=1")).toMatchObject({ data: { rooms: [{ roomId: "team" }] } });
  expect(await ask("GET", "users/ann/rooms")).toMatchObject({ data: { rooms: [{ roomId: "team", member: { role: "member" } }] } });
});

it("does what moderators do, and shows what they were told and did", async () => {
  const { ask, origin } = await start({ perAddress: { proxies: 0 } });
  const guest = await connect(origin);
  await guest.ask("room:join", { roomId: "lobby" });
  const { id } = guest.ready.user;
  const member = `rooms/lobby/members/${id}`;
  expect((await ask("PUT", `${member}/mute`, { by: "support", reason: "shouting" })).status).toBe(204);
  await expect(guest.send("lobby", "hello")).rejects.toMatchObject({ retry: "no" });
  expect((await ask("DELETE", `${member}/mute?by=support`)).status).toBe(204);
  const { id: messageId } = await guest.send("lobby", "hello");
  const other = await connect(origin);
  await other.ask("room:join", { roomId: "lobby" });
  await other.ask("message:report", { roomId: "lobby", messageId, reason: "spam" });
  const [report] = (await ask("GET", "reports?roomId=lobby")).data.reports;
  expect(report).toMatchObject({ messageId, text: "hello" });
  expect(await ask("POST", `rooms/lobby/reports/${report.id}/resolve`, { by: "support", action: "dismissed" })).toMatchObject({ status: 200 });
  expect(await ask("GET", "reports")).toMatchObject({ data: { reports: [] } });
  expect((await ask("POST", `${member}/kick`, { by: "support" })).status).toBe(204);
  expect((await ask("PUT", `${member}/ban`, { by: "support", until: 1_900_000_000_000 })).status).toBe(204);
  await expect(guest.ask("room:join", { roomId: "lobby" })).rejects.toMatchObject({ code: "forbidden" });
  expect((await ask("DELETE", `${member}/ban?by=support&reason=sorry`)).status).toBe(204);
  expect((await ask("POST", "bans", { userId: id, by: "support", reason: "spam" })).status).toBe(204);
  await guest.ends();
  expect((await ask("POST", "bans", { address: "203.0.113.0/24", by: "support" })).status).toBe(204);
  expect((await ask("GET", "bans")).data.bans).toHaveLength(2);
  expect((await ask("DELETE", `bans?userId=${id}&by=support`)).status).toBe(204);
  expect((await ask("GET", "bans")).data.bans).toMatchObject([{ address: "203.0.113.0/24" }]);
  for (const wrong of [{ by: "support" }, { by: "support", userId: id, address: "203.0.113.1" }]) expect((await ask("POST", "bans", wrong)).status).toBe(400);
  const { entries } = (await ask("GET", "audit?limit=100")).data;
  expect(entries.map(({ by }: { by: string }) => by)).toContain("support");
  expect(JSON.stringify(entries)).toContain("shouting");
});

it("takes no token of a user any more", async () => {
  const { ask, origin } = await start();
  const guest = await connect(origin);
  expect((await ask("POST", `users/${guest.ready.user.id}/revoke`, {})).status).toBe(204);
  await guest.ends();
  await expect(connect(origin, { guestToken: guest.ready.guestToken ?? "" })).rejects.toThrow();
});

it("opens to its keys only, and to no page", async () => {
  const clock = new ManualClock();
  const { ask, origin } = await start({ clock });
  expect(await ask("GET", "openapi.json", undefined, { authorization: `bearer ${other}` })).toMatchObject({ status: 200 });
  for (const authorization of ["", "Bearer", `Bearer ${key}x`, `Bearer ${key.slice(1)}`, `Basic ${key}`, key]) {
    const { status, headers, data } = await ask("GET", "rooms/lobby/messages", undefined, { authorization });
    expect([status, headers.get("www-authenticate"), data.error.code]).toEqual([401, "Bearer", "unauthenticated"]);
  }
  for (const headers of [{ origin }, { "sec-fetch-site": "same-origin" }]) expect(await ask("GET", "rooms/lobby/messages", undefined, headers)).toMatchObject({ status: 403 });
  for (let tries = 0; tries < 60; tries += 1) await ask("GET", "rooms/lobby/messages", undefined, { authorization: "Bearer wrong" });
  const { status, headers } = await ask("GET", "rooms/lobby/messages", undefined, { authorization: "Bearer wrong" });
  expect([status, Number(headers.get("retry-after"))]).toEqual([429, 1]);
  expect(await ask("GET", "rooms/lobby/messages")).toMatchObject({ status: 200 });
});

it("is not there unless it is asked for", async () => {
  const { origin } = await startServer();
  expect((await fetch(`${origin}/chat/api/rooms/lobby/messages`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(404);
});

it.each([
  ["GET", "nothing", undefined, 404],
  ["PUT", "rooms/lobby/messages", {}, 404],
  ["GET", "rooms/two%20words/messages", undefined, 400],
  ["GET", "rooms/%E0%A4%A/messages", undefined, 404],
  ["GET", "rooms/lobby/messages?limit=1e9", undefined, 400],
  ["GET", "rooms/lobby/messages?limit=0", undefined, 400],
  ["GET", "rooms/lobby/messages?before=1&after=2", undefined, 400],
  ["GET", "rooms/lobby/messages?unknown=1", undefined, 400],
  ["GET", "rooms/lobby/messages/1", undefined, 400],
  ["GET", `rooms/lobby/messages/${uuidv7()}`, undefined, 404],
  ["DELETE", `rooms/lobby/messages/${uuidv7()}`, undefined, 400],
  ["POST", "rooms/lobby/messages", undefined, 400],
  ["POST", "rooms/lobby/messages", "{", 400],
  ["POST", "rooms/lobby/messages", "[]", 400],
  ["POST", "rooms/lobby/messages", { author: ann, text: "x", seq: 1 }, 400],
  ["POST", "rooms/lobby/messages", { author: ann, text: " " }, 400],
  ["POST", "rooms/lobby/messages", { author: ann, text: "x".repeat(20_000) }, 413],
  ["POST", "rooms/lobby/messages", JSON.stringify({ author: ann, text: "x".repeat(300_000) }), 413],
] as const)("answers %s %s with %j by a typed error", async (method, path, body, expected) => {
  const { ask } = await start();
  const { status, data } = await ask(method, path, body);
  expect([status, data]).toMatchObject([expected, { error: { code: expect.any(String), message: expect.stringMatching(/^unable to /), retry: "no" } }]);
});

it("takes a body for what it is only when it says so", async () => {
  const { ask } = await start();
  expect(await ask("POST", "rooms/lobby/messages", { author: ann, text: "x" }, { "content-type": "text/plain" })).toMatchObject({ status: 400 });
});

it("describes itself in OpenAPI", async () => {
  const { ask } = await start();
  const { data } = await ask("GET", "openapi.json");
  const { valid, errors } = await new Validator().validate(data);
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  expect(Object.keys(data.paths)).toContain("/rooms/{roomId}/messages");
  expect(data.paths["/rooms/{roomId}/messages"].get.parameters).toContainEqual(expect.objectContaining({ name: "limit", in: "query", required: false }));
  expect(data.paths["/rooms/{roomId}/messages"].post.responses["201"].content["application/json"].schema).toEqual({ $ref: "#/components/schemas/Message" });
});

it.each([{}, { keys: [] }, { keys: ["short"] }, { keys: [undefined] }, { keys: [key], cors: true }])("refuses the option %j with a sentence", async (api) => {
  // As JavaScript may give it.
  await expect(startServer({ api: api as never })).rejects.toThrow("at least 32");
});
