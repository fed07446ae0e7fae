import { expect, it, onTestFinished, vi } from "vitest";
import type { ChatServerOptions } from "../src/options.js";
import type { Authorize } from "../src/policy/authorize.js";
import { FaultyStore } from "./faulty-store.js";
import { ManualClock } from "./manual-clock.js";
import { RawSocket } from "./raw-socket.js";
import { connect, refusalOf } from "./test-client.js";
import { startServer } from "./test-server.js";
import { expectNothingUnhandled } from "./unhandled.js";

const roomId = "lobby";
expectNothingUnhandled();

it.each([["no"], [1], [{}], [null]])("allows nothing when the rules say %o", async (junk) => {
  // An application in JavaScript may give anything.
  const untyped: { authorize?: Authorize } = {};
  Reflect.set(untyped, "authorize", () => junk);
  const { origin } = await startServer(untyped);
  const ann = await connect(origin);
  expect(await refusalOf(ann.ask("room:join", { roomId }))).toMatchObject({ code: "forbidden" });
});

it("does not wait for ever for the rules, nor for the store", async () => {
  const clock = new ManualClock();
  const store = new FaultyStore();
  let isHanging = false;
  const { origin } = await startServer({ clock, store, authorize: () => (isHanging ? new Promise<boolean>(() => undefined) : undefined) });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  isHanging = true;
  const refused = refusalOf(ann.ask("history:read", { roomId }));
  await vi.waitFor(() => {
    clock.advance(10_000);
    expect(ann.socket.connected).toBe(true);
  });
  const advance = setInterval(() => clock.advance(10_000), 5);
  onTestFinished(() => clearInterval(advance));
  expect(await refused).toMatchObject({ code: "unavailable", retry: "same" });
  isHanging = false;
  store.gate = new Promise(() => undefined);
  expect(await refusalOf(ann.send(roomId, "never"))).toMatchObject({ code: "unavailable", retry: "same" });
});

it("tells whoever lost the right to a room nothing more of it", async () => {
  const banned = new Set<string>();
  const { origin, chat } = await startServer({ authorize: ({ user, command }) => (banned.has(user.name) && command !== "room:leave" ? false : undefined) });
  const [ann, bob] = [await connect(origin, { guestName: "Ann" }), await connect(origin, { guestName: "Bob" })];
  for (const client of [ann, bob]) await client.ask("room:join", { roomId });
  banned.add("Bob");
  expect(await refusalOf(bob.ask("history:read", { roomId }))).toMatchObject({ code: "forbidden" });
  await ann.send(roomId, "behind his back");
  await ann.hears("room:events");
  await vi.waitFor(async () => expect((await ann.ask("room:join", { roomId })).presence.count).toBe(1));
  expect(bob.events(roomId)).toEqual([]);
  await chat.close({ drainMs: 10 });
});

it("asks anew who somebody is when the application ends their connections", async () => {
  let isBlocked = false;
  const { origin, chat } = await startServer({ guests: false, authenticate: ({ token }) => (isBlocked || token === undefined ? undefined : { id: token, name: token }) });
  const [ann, twin, bob] = [await connect(origin, { token: "ann" }), await connect(origin, { token: "ann" }), await connect(origin, { token: "bob" })];
  isBlocked = true;
  chat.disconnect("ann");
  chat.disconnect("nobody");
  await Promise.all([ann.ends(), twin.ends()]);
  expect(bob.socket.connected).toBe(true);
  expect(await refusalOf(connect(origin, { token: "ann" }))).toMatchObject({ code: "unauthenticated" });
});

it("closes a room that the user may not be in any more when their session is refreshed", async () => {
  let isBanned = false;
  const { origin } = await startServer({ authorize: ({ command }) => (isBanned && command === "room:join" ? false : undefined) });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  await ann.ask("session:refresh", { guestName: "Ann" });
  expect(ann.socket.connected).toBe(true);
  isBanned = true;
  await ann.ask("session:refresh", { guestName: "Anna" });
  await ann.hears("room:permissions", ({ permissions }) => permissions.length === 0);
  expect(await refusalOf(ann.ask("history:read", { roomId }))).toMatchObject({ code: "forbidden" });
});

it("answers what waits behind rules that hang as soon as it is too late, and not each after its own wait", async () => {
  const clock = new ManualClock();
  const isAsked = vi.fn();
  let isHanging = false;
  const { origin } = await startServer({
    clock,
    authorize: () => {
      if (!isHanging) return undefined;
      isAsked();
      return new Promise<boolean>(() => undefined);
    },
  });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  isHanging = true;
  const refusals = Promise.all(Array.from({ length: 5 }, () => refusalOf(ann.ask("receipt:move", { roomId, seq: 0 }))));
  await vi.waitFor(() => expect(isAsked).toHaveBeenCalledTimes(1));
  // What is asked about another room is answered after all of them were heard.
  await refusalOf(ann.ask("room:leave", { roomId: "elsewhere" }));
  clock.advance(10_001);
  expect((await refusals).map(({ code }) => code)).toEqual(Array(5).fill("unavailable"));
  expect(isAsked).toHaveBeenCalledTimes(1);
});

it("cuts connections that do not answer its goodbye", async () => {
  const { port, http, chat } = await startServer();
  const socket = new RawSocket(port);
  socket.request("/chat/socket.io/?EIO=4&transport=websocket");
  await socket.hears("pingInterval");
  await chat.close({ drainMs: 10 });
  await new Promise((resolve) => http.close(resolve));
});

it("waits half a second for those who poll, and not for ever for those who do not come back", async () => {
  const { origin, chat } = await startServer();
  const poll = `${origin}/chat/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(poll)).text()).slice(1));
  await fetch(`${poll}&sid=${sid}`, { method: "POST", body: '40{"protocol":[1]}' });
  await vi.waitFor(async () => expect(await (await fetch(`${poll}&sid=${sid}`)).text()).toContain("session:ready"));
  const timers = vi.spyOn(globalThis, "setTimeout");
  onTestFinished(() => timers.mockRestore());
  // Fetches that the server is going away, and nothing after it.
  const fetched = fetch(`${poll}&sid=${sid}`).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await chat.close({ drainMs: 10 });
  await fetched;
  // A timer that Node waits for would keep the application's process alive after it has closed everything.
  const awaited = timers.mock.results.flatMap(({ value }, index) => (value instanceof Object && "hasRef" in value && value.hasRef() ? [timers.mock.calls[index]?.[1] ?? 0] : []));
  expect(Math.max(0, ...awaited)).toBeLessThanOrEqual(500);
});

it.each<[string, ChatServerOptions]>([
  ["an account", { guests: false, authenticate: () => ({ id: "ann", name: "Ann" }) }],
  ["a guest", {}],
])("keeps to itself what %s may, whatever the application does with the user it was told of", async (_who, options) => {
  const { origin } = await startServer({ ...options, onConnect: (user) => void user.roles.push("admin") });
  const ann = await connect(origin);
  await ann.ask("session:refresh", {});
  expect((await ann.ask("room:join", { roomId })).permissions).not.toContain("delete-any");
});
