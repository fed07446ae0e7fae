import { describe, expect, it } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { byToken, changeMember, roomId, setRole, update } from "../rooms.js";
import { type TestClient, connect, refusalOf } from "../test-client.js";
import { underOracle } from "./oracle.js";

const id = () => uuidv7();

/** Everything that somebody may ask about a room without having it open. */
const outside = (roomId: string) =>
  [
    ["room:join", { roomId }],
    ["room:members", { roomId }],
    ["room:update", { roomId, id: id(), settings: { access: "open" } }],
    ["member:add", { roomId, id: id(), userId: "bob" }],
    ["member:remove", { roomId, id: id(), userId: "ann" }],
    ["member:set-role", { roomId, id: id(), userId: "bob", role: "moderator" }],
    ["invite:create", { roomId }],
  ] as const;

/** A private room with Ann in it, and somebody who has nothing to do with it. */
async function startPrivate(origin: string) {
  const as = (token: string) => connect(origin, { token });
  const [mod, ann, bob] = [await as("mod"), await as("ann"), await as("bob")];
  await update(mod, { access: "private" });
  await changeMember(mod, "member:add", "ann");
  await ann.ask("room:join", { roomId });
  return { as, mod, ann, bob };
}

const isForbidden = async (asked: Promise<unknown>) => expect((await refusalOf(asked)).code).toBe("forbidden");

describe("C. Authorisation and privacy of delivery", () => {
  it("36. A private room: answers nothing about itself, the same as one that nobody made", async () => {
    await underOracle({ ...byToken, roomDefaults: { access: "private" }, authorize: ({ user }) => (user.id === "canary" ? true : undefined) }, async ({ origin }) => {
      const { bob } = await startPrivate(origin);
      const there = outside(roomId);
      const nowhere = outside("no-such-room");
      for (const [index, [name, input]] of there.entries()) {
        const refusals = [await refusalOf(bob.askAnything(name, input)), await refusalOf(bob.askAnything(name, nowhere[index]?.[1]))];
        expect(refusals[0]).toMatchObject({ code: "forbidden" });
        expect(refusals[0]?.toJSON()).toEqual(refusals[1]?.toJSON());
      }
      expect(await bob.ask("member:leave", { roomId, id: id() })).toEqual({});
      expect(bob.heard.map(({ name }) => name)).toEqual(["session:ready"]);
    });
  });

  it("46. Members: are listed to those who may read the room, rooms only to those who belong to them", async () => {
    await underOracle(byToken, async ({ origin }) => {
      const { mod, ann, bob } = await startPrivate(origin);
      await isForbidden(bob.ask("room:members", { roomId }));
      expect(await bob.ask("room:list", {})).toEqual({ rooms: [] });
      expect((await ann.ask("room:list", {})).rooms).toHaveLength(1);
      await changeMember(mod, "member:remove", "ann");
      await isForbidden(ann.ask("room:members", { roomId }));
      expect(await ann.ask("room:list", {})).toEqual({ rooms: [] });
      // Nobody else is in a room of two, whatever they can guess of it.
      const { roomId: direct } = await ann.ask("room:open-direct", { userId: "mod" });
      for (const [name, input] of outside(direct)) await isForbidden(bob.askAnything(name, input));
      expect((await bob.ask("room:open-direct", { userId: "ann" })).roomId).not.toBe(direct);
    });
  });

  it("46. Direct rooms and invitations: cannot be made without end", async () => {
    await underOracle(byToken, async ({ origin }) => {
      const { bob } = await startPrivate(origin);
      const outcomes = await Promise.allSettled(Array.from({ length: 40 }, (_, n) => bob.ask("room:open-direct", { userId: `nobody ${n}` })));
      expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeLessThan(30);
      expect(await refusalOf(bob.ask("invite:accept", { id: id(), code: "guess" }))).toMatchObject({ code: "rate-limited" });
    });
  });

  it("47. Moderator boundaries: of one room, is nobody in another, above nobody of their kind, and makes nobody more of themselves", async () => {
    await underOracle(byToken, async ({ origin }) => {
      const { as, mod, ann, bob } = await startPrivate(origin);
      for (const userId of ["cid", "dan"]) await changeMember(mod, "member:add", userId);
      await isForbidden(setRole(ann, "ann", "moderator"));
      await isForbidden(setRole(ann, "cid", "moderator"));
      for (const userId of ["ann", "cid"]) await setRole(mod, userId, "moderator");
      // In the room where they are one.
      await changeMember(ann, "member:add", "bob");
      await changeMember(ann, "member:remove", "dan");
      await update(ann, { topic: "ours" });
      for (const asked of [setRole(ann, "ann", "member"), setRole(ann, "cid", "member"), changeMember(ann, "member:remove", "cid")]) await isForbidden(asked);
      expect(await refusalOf(setRole(ann, "nobody", "moderator"))).toMatchObject({ code: "not-found" });
      // And in others.
      const other = { roomId: "other", id: id() };
      await mod.ask("room:update", { ...other, settings: { access: "private" } });
      for (const [name, input] of outside("other")) await isForbidden(ann.askAnything(name, input));
      const cid: TestClient = await as("cid");
      await isForbidden(cid.ask("member:remove", { ...other, userId: "mod" }));
      // What was theirs ends with their membership.
      await changeMember(mod, "member:remove", "ann");
      await isForbidden(update(ann, { topic: "mine" }));
      expect(bob.heard.map(({ name }) => name)).toEqual(["session:ready"]);
    });
  });
});
