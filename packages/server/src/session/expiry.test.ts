import { expect, it, vi } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import { connect, refusalOf } from "../../test/test-client.js";
import { startServer } from "../../test/test-server.js";
import type { AuthenticatedUser } from "./authenticate.js";
import { Expiry } from "./expiry.js";

/** Tokens are `<user> <seconds until they end>`. */
async function start() {
  const clock = new ManualClock();
  const server = await startServer({
    clock,
    guests: false,
    authenticate: ({ token = "" }) => {
      const [id = "", seconds] = token.split(" ");
      return { id, name: id, ...(seconds !== undefined && { expiresAt: clock.now() + Number(seconds) * 1_000 }) };
    },
  });
  return { ...server, clock };
}

it("tells when a token ends, does nothing for the user after that, and cuts the connection five seconds later", async () => {
  const { origin, clock } = await start();
  const [ann, bob] = [await connect(origin, { token: "ann 60" }), await connect(origin, { token: "bob" })];
  expect([ann.ready.expiresAt, bob.ready.expiresAt]).toEqual([clock.now() + 60_000, undefined]);
  for (const { ask } of [ann, bob].map((client) => ({ ask: client.ask.bind(client) }))) await ask("room:join", { roomId: "lobby" });
  clock.advance(59_999);
  await ann.send("lobby", "in time");
  clock.advance(1);
  expect(await refusalOf(ann.send("lobby", "too late"))).toMatchObject({ code: "unauthenticated", retry: "reauth" });
  expect(await refusalOf(ann.ask("history:read", { roomId: "lobby" }))).toMatchObject({ code: "unauthenticated" });
  clock.advance(4_999);
  await bob.send("lobby", "still here");
  await ann.hears("room:events", ({ from }) => from === 2);
  expect(ann.socket.connected).toBe(true);
  clock.advance(1);
  await ann.ends();
  expect(bob.socket.connected).toBe(true);
  expect(await refusalOf(connect(origin, { token: "ann 0" }))).toMatchObject({ code: "unauthenticated" });
});

it("goes on with a new token for the same user, before the old one ends and in its grace", async () => {
  const { origin, clock } = await start();
  const ann = await connect(origin, { token: "ann 60" });
  await ann.ask("room:join", { roomId: "lobby" });
  clock.advance(30_000);
  expect(await ann.ask("session:refresh", { token: "ann 60" })).toMatchObject({ user: { id: "ann" }, expiresAt: clock.now() + 60_000 });
  clock.advance(59_999);
  await ann.send("lobby", "one");
  clock.advance(3_000);
  expect(await ann.ask("session:refresh", { token: "ann" })).toEqual({ user: expect.objectContaining({ id: "ann" }) });
  clock.advance(120_000);
  await ann.send("lobby", "two");
});

it("waits for an end that is further away than a timer reaches", () => {
  const clock = new ManualClock();
  const longest: number[] = [];
  const { setTimeout } = clock;
  clock.setTimeout = (callback, ms) => {
    longest.push(ms);
    return setTimeout.call(clock, callback, ms);
  };
  const cut = vi.fn();
  const expiry = new Expiry(clock, cut);
  expiry.set(clock.now() + 90 * 86_400_000);
  clock.advance(90 * 86_400_000);
  expect([Math.max(...longest) < 2 ** 31, expiry.isOver, cut.mock.calls.length]).toEqual([true, true, 0]);
  clock.advance(5_000);
  expect(cut).toHaveBeenCalledOnce();
});

it("refuses the token of somebody else, and ends the connection that was theirs who were here before", async () => {
  const { origin } = await start();
  const ann = await connect(origin, { token: "ann 60" });
  await ann.ask("room:join", { roomId: "lobby" });
  expect(await refusalOf(ann.ask("session:refresh", { token: "bob 60" }))).toMatchObject({ code: "forbidden" });
  await ann.ends();
});

it.each([["in seconds", 1_800_000_000], ["as a text", "tomorrow"], ["as a date", new Date()], ["that is no number", Number.NaN]])("refuses an end %s, and says why in the log", async (_what, expiresAt) => {
  // An application in JavaScript may give anything.
  const authenticate = (): AuthenticatedUser => {
    const user = { id: "ann", name: "Ann" };
    Reflect.set(user, "expiresAt", expiresAt);
    return user;
  };
  const { origin, log } = await startServer({ guests: false, authenticate });
  expect(await refusalOf(connect(origin))).toMatchObject({ code: "internal" });
  expect(log.messages("error")).toHaveLength(1);
});
