import { ChatError, defaultRoomSettings } from "@chat-widget/protocol";
import { beforeEach, expect, it, vi } from "vitest";
import { ManualClock, settle } from "../../test/manual-clock.js";
import { ScriptedTransport } from "../../test/scripted-transport.js";
import { createChatClient } from "../chat-client.js";
import type { ChatClientOptions } from "../options.js";
import { memoryStorage } from "../storage/client-storage.js";
// So that it is there at once when the client asks for it.
import "./renewal.js";

let clock: ManualClock;
let transport: ScriptedTransport;
let tokens: number;
const ann = { id: "ann", name: "Ann", roles: ["member" as const] };
/** The server's clock is an hour ahead. */
const serverNow = () => clock.now() + 3_600_000;
const tokenTimes = () => ({ serverTime: serverNow(), expiresAt: serverNow() + 600_000 });

beforeEach(() => {
  clock = new ManualClock();
  transport = new ScriptedTransport();
  tokens = 0;
});

async function connected(options: ChatClientOptions & { hasTokens?: boolean } = {}) {
  const { hasTokens = true, ...more } = options;
  const getToken = vi.fn(() => `t${++tokens}`);
  const client = createChatClient({ url: "https://example.com/chat", transport, clock, storage: memoryStorage(), random: () => 0.5, logger: { warn() {}, error() {} }, ...(hasTokens && { getToken }), ...more });
  client.room("lobby");
  await settle();
  transport.link.welcome(tokenTimes());
  // The module is loaded.
  for (let turn = 0; turn < 10; turn++) await settle();
  return { client };
}

it("shows a new token a minute before the old one ends, by the server's clock, and again before that ends", async () => {
  await connected();
  for (const token of ["t2", "t3", "t4"]) {
    await clock.pass(539_999);
    expect(tokens).toBe(Number(token.slice(1)) - 1);
    await clock.pass(1);
    expect(transport.link.last("session:refresh").input).toEqual({ token });
    transport.link.last("session:refresh").answer({ user: ann, expiresAt: serverNow() + 600_000 });
    await settle();
  }
  expect([transport.links.length, transport.link.count("session:refresh")]).toEqual([1, 3]);
});

it("asks neither all at once nor too late: at a time of its own, and halfway where little is left", async () => {
  await connected({ random: () => 0 });
  await clock.pass(554_999);
  expect(tokens).toBe(1);
  await clock.pass(1);
  transport.link.last("session:refresh").answer({ user: ann, expiresAt: serverNow() + 20_000 });
  await clock.pass(9_999);
  expect(tokens).toBe(2);
  await clock.pass(1);
  expect(tokens).toBe(3);
});

it("tries again while there is no new token, and comes back with one when the old one has ended", async () => {
  let isDown = false;
  const getToken = vi.fn(async () => {
    if (isDown) throw new Error("offline");
    return `t${++tokens}`;
  });
  const { client } = await connected({ getToken });
  void client.room("lobby").send({ text: "kept" });
  isDown = true;
  await clock.pass(590_000);
  expect(getToken.mock.calls.length).toBeGreaterThan(5);
  expect(transport.links).toHaveLength(1);
  await clock.pass(15_000);
  const asked = getToken.mock.calls.length;
  transport.link.end();
  isDown = false;
  await clock.pass(10_000);
  expect([transport.link.handshake.token, getToken.mock.calls.length]).toEqual(["t2", asked + 1]);
  transport.link.welcome(tokenTimes());
  expect(client.getSnapshot().status).toBe("online");
  transport.link.last("room:join").answer({ catchUp: { kind: "snapshot", epoch: "e", head: 0, reason: "first", messages: [], hasOlder: false }, receipts: [], presence: { count: 1, users: [] }, permissions: ["read", "send"], settings: defaultRoomSettings });
  await settle();
  expect(JSON.stringify(transport.link.last("room:write").input)).toContain("kept");
});

it("waits as long as the server says before it asks again", async () => {
  await connected();
  await clock.pass(540_000);
  transport.link.last("session:refresh").refuse(new ChatError("unavailable", "unable to authenticate; try later", { retryAfterMs: 20_000 }));
  await clock.pass(19_999);
  expect(transport.link.count("session:refresh")).toBe(1);
  await clock.pass(1);
  expect(transport.link.count("session:refresh")).toBe(2);
});

it("has nothing to show on a page without tokens, and comes back when the server ends the session", async () => {
  await connected({ hasTokens: false });
  await clock.pass(605_000);
  expect([transport.links.length, transport.link.count("session:refresh")]).toEqual([1, 0]);
  transport.link.end();
  await clock.pass(1_000);
  expect(transport.links).toHaveLength(2);
});

it("leaves nothing running when the client is closed or the connection lost", async () => {
  const { client } = await connected();
  transport.link.end();
  await clock.pass(600_000);
  expect(transport.links.length).toBeGreaterThan(1);
  const asked = transport.links.map((link) => link.count("session:refresh"));
  expect(asked.every((count) => count === 0)).toBe(true);
  transport.link.welcome(tokenTimes());
  await settle();
  await client.close();
  const before = tokens;
  await clock.pass(3_600_000);
  expect(tokens).toBe(before);
});
