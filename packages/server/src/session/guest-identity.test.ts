import { SignJWT } from "jose";
import { expect, it } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import { connect } from "../../test/test-client.js";
import { startServer } from "../../test/test-server.js";
import { memoryStore } from "../stores/memory-store.js";
import { GuestIdentity } from "./guest-identity.js";

const secret = new Uint8Array(32).fill(7);
const day = 86_400_000;

function makeGuests(clock = new ManualClock(), key = secret): GuestIdentity {
  return new GuestIdentity({ secret: key, nameLength: 64, clock, random: () => 0 });
}

it("gives a guest a name when they bring none", async () => {
  const { user } = await makeGuests().of(undefined, undefined);
  expect(user).toEqual({ id: expect.stringMatching(/^guest:[0-9a-f-]{36}$/), name: "Able Badger", roles: ["guest"] });
});

it("cleans the name a guest brings", async () => {
  const nameOf = async (wanted: string) => (await makeGuests().of(undefined, wanted)).user.name;
  expect(await nameOf("  Ann \t Lee ")).toBe("Ann Lee");
  expect(await nameOf("A\u0000n\u202En\u200B\u2066")).toBe("Ann");
  expect(await nameOf("Zoe\u0301")).toBe("Zo\u00E9");
  expect(await nameOf("👨‍👩‍👧 نرگس")).toBe("👨‍👩‍👧 نرگس");
  expect(await nameOf("x".repeat(63) + "👨‍👩‍👧")).toBe("x".repeat(63));
  for (const nothing of ["\u200B", "\u3164\u2800", " ", "\u202E"]) expect(await nameOf(nothing)).toBe("Able Badger");
});

it("knows a guest by their token for half a year, each visit anew", async () => {
  const clock = new ManualClock();
  const guests = makeGuests(clock);
  const first = await guests.of(undefined, "Ann");
  clock.advance(179 * day);
  const second = await guests.of(first.guestToken, undefined);
  expect(second.user).toEqual(first.user);
  clock.advance(179 * day);
  const third = await guests.of(second.guestToken, "Anna");
  expect(third.user).toEqual({ ...first.user, name: "Anna" });
  clock.advance(181 * day);
  expect((await guests.of(third.guestToken, undefined)).user.id).not.toBe(first.user.id);
});

it("takes no token but its own", async () => {
  const guests = makeGuests();
  const { guestToken = "" } = await makeGuests(new ManualClock(), new Uint8Array(32).fill(8)).of(undefined, "Mallory");
  const sign = (claims: Record<string, unknown>, alg = "HS256") => new SignJWT(claims).setProtectedHeader({ alg }).sign(alg === "HS256" ? secret : new Uint8Array(64).fill(7));
  const exp = 2_000_000_000;
  const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(`{"sub":"guest:1","aud":"chat-widget:guest","exp":${exp}}`).toString("base64url")}.`;
  const forged = [
    guestToken,
    unsigned,
    "garbage",
    "a.b.c",
    await sign({ sub: "guest:1", aud: "something else", exp }),
    await sign({ sub: "guest:1", aud: "chat-widget:guest" }),
    await sign({ sub: "ann", aud: "chat-widget:guest", exp }),
    await sign({ aud: "chat-widget:guest", exp }),
    await sign({ sub: "guest:1", aud: "chat-widget:guest", exp }, "HS512"),
    `${await sign({ sub: "guest:1", aud: "chat-widget:guest", exp })}\n`,
  ];
  for (const token of forged) {
    const { user } = await guests.of(token, undefined);
    expect(user.id).toMatch(/^guest:[0-9a-f-]{36}$/);
    expect(user.name).toBe("Able Badger");
  }
  expect((await guests.of(await sign({ sub: "guest:1", aud: "chat-widget:guest", exp }), undefined)).user.id).toBe("guest:1");
});

it("keeps a guest over a reconnect and over a new server on the same store", async () => {
  const store = memoryStore();
  const first = await startServer({ store });
  const ann = await connect(first.origin, { guestName: "Ann" });
  const { guestToken = "", user } = ann.ready;
  ann.close();
  expect((await connect(first.origin, { guestToken })).ready.user).toEqual(user);
  const second = await startServer({ store });
  expect((await connect(second.origin, { guestToken })).ready.user).toEqual(user);
  const stranger = await startServer();
  expect((await connect(stranger.origin, { guestToken })).ready.user.id).not.toBe(user.id);
});

it("renames a guest on a live connection, for everyone and for later", async () => {
  const { origin } = await startServer();
  const ann = await connect(origin, { guestName: "Ann" });
  await ann.ask("room:join", { roomId: "lobby" });
  await ann.hears("presence:changed");
  const { user, guestToken = "" } = await ann.ask("session:refresh", { guestName: "Anna" });
  expect(user).toEqual({ ...ann.ready.user, name: "Anna" });
  await ann.hears("presence:changed", ({ joined }) => joined[0]?.name === "Anna");
  expect(await ann.send("lobby", "hello")).toMatchObject({ author: { name: "Anna" } });
  expect((await connect(origin, { guestToken })).ready.user).toEqual(user);
});
