import { v7 as uuidv7 } from "uuid";
import { expect, it } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import { enter, ofTokens, roomId } from "../../test/moderators.js";
import { refusalOf } from "../../test/test-client.js";
import { startServer } from "../../test/test-server.js";

async function start() {
  const clock = new ManualClock();
  const server = await startServer({ ...ofTokens, clock });
  const [ann, bob, mia] = [await enter(server.origin, "ann"), await enter(server.origin, "bob"), await enter(server.origin, "mia moderator")];
  const about = () => ({ roomId, id: uuidv7(), userId: "bob" });
  return { ...server, clock, ann, bob, mia, about };
}

it("mutes for a while or for good, and lets write again", async () => {
  const { bob, mia, about, clock } = await start();
  await mia.ask("member:mute", { ...about(), forMs: 60_000, reason: "rude" });
  expect(await refusalOf(bob.send(roomId, "hello"))).toMatchObject({ code: "forbidden" });
  clock.advance(60_001);
  await bob.send(roomId, "hello");
  await mia.ask("member:mute", about());
  expect(await refusalOf(bob.send(roomId, "hello"))).toMatchObject({ code: "forbidden" });
  await mia.ask("member:unmute", about());
  await bob.send(roomId, "thanks");
  expect(await mia.ask("member:unmute", about())).toEqual({});
});

it("puts a banned user out of the room until the time is over or it is lifted, and of no other room", async () => {
  const { origin, bob, mia, about } = await start();
  await bob.ask("room:join", { roomId: "other" });
  await mia.ask("member:ban", { ...about(), forMs: 60_000 });
  await bob.hears("room:permissions", (told) => told.roomId === roomId && told.permissions.length === 0);
  expect(await refusalOf(bob.ask("room:join", { roomId }))).toMatchObject({ code: "forbidden" });
  expect(await refusalOf(enter(origin, "bob"))).toMatchObject({ code: "forbidden" });
  await bob.send("other", "still here");
  await mia.ask("member:unban", about());
  await bob.ask("room:join", { roomId });
});

it("kicks somebody out, who may come back after ten seconds, and lets nobody in who is banned for longer", async () => {
  const { bob, mia, about, clock } = await start();
  await mia.ask("member:kick", about());
  await bob.hears("room:permissions", ({ permissions }) => permissions.length === 0);
  expect(await refusalOf(bob.ask("room:join", { roomId }))).toMatchObject({ code: "forbidden" });
  clock.advance(10_001);
  await bob.ask("room:join", { roomId });
  await mia.ask("member:ban", about());
  expect(await mia.ask("member:kick", about())).toEqual({});
  clock.advance(10_001);
  expect(await refusalOf(bob.ask("room:join", { roomId }))).toMatchObject({ code: "forbidden" });
});

it("does what is asked twice once, whatever the time", async () => {
  const { mia, about, clock } = await start();
  const mute = { ...about(), forMs: 60_000 };
  const first = await mia.ask("member:mute", mute);
  clock.advance(1_000);
  expect(await mia.ask("member:mute", mute)).toEqual(first);
  expect(await refusalOf(mia.ask("member:ban", { ...mute, userId: "ann" }))).toMatchObject({ code: "conflict" });
});

it("tells the room what happened and only the audit log why", async () => {
  const { ann, bob, mia, about, chat, clock } = await start();
  const at = clock.now();
  await mia.ask("member:mute", { ...about(), forMs: 60_000, reason: "a secret reason" });
  await chat.moderation.ban({ roomId, userId: "bob" }, { by: "spam-filter", reason: "a secret reason", until: at + 5_000 });
  await chat.moderation.unban({ roomId, userId: "bob" }, { by: "spam-filter" });
  await ann.hears("room:events", ({ events }) => events.at(-1)?.seq === 3);
  expect(ann.events(roomId)).toMatchObject([
    { type: "member.changed", by: "mia", change: "muted", member: { user: { id: "bob", name: "bob" }, mutedUntil: at + 60_000 } },
    { type: "member.changed", by: "spam-filter", change: "banned", member: { bannedUntil: at + 5_000 } },
    { type: "member.changed", change: "unbanned" },
  ]);
  expect(JSON.stringify([ann.heard, bob.heard])).not.toContain("secret");
  const { entries } = await mia.ask("audit:read", { roomId, limit: 2 });
  expect(entries).toMatchObject([{ action: "member.unbanned" }, { action: "member.banned", by: "spam-filter", userId: "bob", until: at + 5_000, reason: "a secret reason" }]);
  const rest = await mia.ask("audit:read", { roomId, limit: 2, before: entries[1]?.id });
  expect(rest).toMatchObject({ entries: [{ action: "member.muted", by: "mia" }] });
});
