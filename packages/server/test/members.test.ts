import { expect, it, vi } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { memoryStore } from "../src/stores/memory-store.js";
import { changeMember, roomId, setRole, startClub, update } from "./rooms.js";
import { refusalOf } from "./test-client.js";

it("lets members and moderators into a private room, and nobody else", async () => {
  const { as } = await startClub();
  const [mod, ann, bob] = [await as("mod"), await as("ann"), await as("bob")];
  await update(mod, { access: "private", name: "Club" });
  await changeMember(mod, "member:add", "ann");
  const joined = await ann.ask("room:join", { roomId });
  expect(joined).toMatchObject({ settings: { name: "Club", access: "private" }, member: { role: "member" } });
  expect(joined.permissions).toEqual(["read", "send", "attach", "react", "edit-own", "delete-own", "open-direct", "publish"]);
  expect((await mod.ask("room:join", { roomId })).permissions).toContain("manage-members");
  expect(await refusalOf(bob.ask("room:join", { roomId }))).toMatchObject({ code: "forbidden", message: "unable to run room:join; it is not allowed in this room" });
});

it("puts out who may not be there any more, from the event on, and tells them", async () => {
  const { as } = await startClub();
  const [mod, ann, bob] = [await as("mod"), await as("ann"), await as("bob")];
  for (const client of [mod, ann, bob]) await client.ask("room:join", { roomId });
  await changeMember(mod, "member:add", "ann");
  await update(mod, { access: "private" });
  await bob.hears("room:permissions", ({ permissions }) => permissions.length === 0);
  const { seq } = await mod.send(roomId, "only us");
  await ann.hears("room:events", ({ events }) => events.some((event) => event.seq === seq));
  await changeMember(mod, "member:remove", "ann");
  await mod.send(roomId, "only me");
  await ann.hears("room:permissions", ({ permissions }) => permissions.length === 0);
  expect(await refusalOf(ann.send(roomId, "let me in"))).toMatchObject({ code: "forbidden" });
  expect(bob.events(roomId).map(({ type }) => type)).toEqual(["member.changed", "room.updated"]);
  expect(ann.events(roomId).map(({ type }) => type)).toEqual(["member.changed", "room.updated", "message.sent", "member.changed"]);
  expect((await mod.ask("room:join", { roomId })).presence.count).toBe(1);
});

it("gives nothing that was being read when somebody was put out", async () => {
  const store = memoryStore();
  const { as } = await startClub({ store });
  const [mod, ann] = [await as("mod"), await as("ann")];
  await changeMember(mod, "member:add", "ann");
  await update(mod, { access: "private" });
  await ann.ask("room:join", { roomId });
  const { messages } = store;
  const gate: { open?: () => void } = {};
  vi.spyOn(store, "messages").mockImplementationOnce(async (...query) => {
    const read = await messages(...query);
    await new Promise<void>((resolve) => (gate.open = resolve));
    return read;
  });
  const asked = refusalOf(ann.ask("history:read", { roomId }));
  await vi.waitFor(() => expect(gate.open).toBeDefined());
  await changeMember(mod, "member:remove", "ann");
  gate.open?.();
  expect(await asked).toMatchObject({ code: "forbidden" });
});

it("tells everybody what they may do when a room is locked or who may write changes", async () => {
  const { as } = await startClub();
  const [mod, ann] = [await as("mod"), await as("ann")];
  for (const client of [mod, ann]) await client.ask("room:join", { roomId });
  await update(mod, { isLocked: true });
  await ann.hears("room:permissions", ({ permissions }) => permissions.join() === "read,delete-own,open-direct");
  expect(await refusalOf(ann.send(roomId, "hello"))).toMatchObject({ code: "forbidden" });
  await mod.send(roomId, "quiet, please");
  await update(mod, { isLocked: false, writers: "members" });
  await ann.hears("room:permissions", ({ permissions }) => permissions.includes("react") && !permissions.includes("send"));
  await changeMember(mod, "member:add", "ann");
  await ann.hears("room:permissions", ({ permissions }) => permissions.includes("send"));
  await ann.send(roomId, "thank you");
  await update(mod, { writers: "moderators" });
  await vi.waitFor(() => expect(ann.all("room:permissions")).toHaveLength(4));
  await setRole(mod, "ann", "moderator");
  await ann.hears("room:permissions", ({ permissions }) => permissions.includes("moderate"));
  await ann.send(roomId, "at last");
  expect(mod.all("room:permissions")).toEqual([]);
});

it("makes those wait who wrote, in slow mode, and not those who moderate", async () => {
  const { as } = await startClub();
  const [mod, ann, again] = [await as("mod"), await as("ann"), await as("ann")];
  for (const client of [mod, ann, again]) await client.ask("room:join", { roomId });
  await update(mod, { slowModeMs: 60_000 });
  const id = uuidv7();
  const first = await ann.send(roomId, "one", id);
  const refusal = await refusalOf(again.send(roomId, "two"));
  expect(refusal).toMatchObject({ code: "rate-limited", retry: "same", details: { slowModeMs: 60_000 } });
  expect(refusal.retryAfterMs).toBeGreaterThan(30_000);
  // What is asked again because its answer was lost is no second message.
  expect(await again.send(roomId, "one", id)).toEqual(first);
  for (const text of ["1", "2"]) await mod.send(roomId, text);
  await update(mod, { slowModeMs: 0 });
  await ann.send(roomId, "two");
});

it("lists who belongs to a room, page by page, to those who may read it", async () => {
  const { as } = await startClub();
  const [mod, ann] = [await as("mod"), await as("ann")];
  await update(mod, { access: "private" });
  for (const userId of ["ann", "bob", "cid"]) await changeMember(mod, "member:add", userId);
  await setRole(mod, "cid", "moderator");
  const first = await ann.ask("room:members", { roomId, limit: 2 });
  expect(first).toMatchObject({ members: [{ user: { id: "ann" }, role: "member" }, { user: { id: "bob" } }], next: "bob" });
  expect(await ann.ask("room:members", { roomId, limit: 2, after: "bob" })).toEqual({ members: [{ user: { id: "cid", name: "cid" }, role: "moderator" }] });
  expect(await refusalOf((await as("dan")).ask("room:members", { roomId }))).toMatchObject({ code: "forbidden" });
});

it("lists the rooms of a user with what they have not read, and how much of it mentions them", async () => {
  const { as, chat } = await startClub();
  const [mod, ann] = [await as("mod"), await as("ann")];
  await update(mod, { name: "Club" });
  await changeMember(mod, "member:add", "ann");
  await ann.ask("room:join", { roomId });
  for (const mentions of [["ann", "bob"], ["bob"], ["ann"]]) await chat.room(roomId).send({ author: { id: "mod", name: "Mod" }, text: "look", mentions });
  await ann.send(roomId, "mine");
  expect(await ann.ask("room:list", {})).toMatchObject({ rooms: [{ roomId, settings: { name: "Club" }, member: { role: "member" }, head: 6, readSeq: 0, unreadCount: 3, unreadMentionCount: 2 }] });
  await ann.ask("receipt:move", { roomId, seq: 4 });
  await expect.poll(async () => (await ann.ask("room:list", {})).rooms[0], { timeout: 10_000 }).toMatchObject({ readSeq: 4, unreadCount: 1, unreadMentionCount: 1 });
  expect(await chat.rooms.of("ann")).toEqual(await ann.ask("room:list", {}));
  await ann.ask("member:leave", { roomId, id: uuidv7() });
  expect(await ann.ask("room:list", {})).toEqual({ rooms: [] });
  expect(await mod.ask("room:list", {})).toEqual({ rooms: [] });
});

it("opens one private room for two, whoever of them asks, and not for guests", async () => {
  const { as } = await startClub();
  const [ann, bob, cid, guest] = [await as("ann"), await as("bob"), await as("cid"), await as("guest-1")];
  const { roomId: direct } = await ann.ask("room:open-direct", { userId: "bob" });
  expect((await bob.ask("room:open-direct", { userId: "ann" })).roomId).toBe(direct);
  expect((await bob.ask("room:list", {})).rooms).toMatchObject([{ roomId: direct, settings: { access: "private" } }]);
  for (const client of [ann, bob]) await client.ask("room:join", { roomId: direct });
  expect((await ann.ask("room:members", { roomId: direct })).members).toMatchObject([{ user: { id: "ann", name: "ANN" } }, { user: { id: "bob" } }]);
  expect(await refusalOf(cid.ask("room:join", { roomId: direct }))).toMatchObject({ code: "forbidden" });
  expect(await refusalOf(guest.ask("room:open-direct", { userId: "ann" }))).toMatchObject({ code: "forbidden" });
  expect(await refusalOf(ann.ask("room:open-direct", { userId: "ann" }))).toMatchObject({ code: "invalid" });
  // Who left is not brought back by the other, only by themselves.
  await bob.ask("member:leave", { roomId: direct, id: uuidv7() });
  await bob.hears("room:permissions", ({ permissions }) => permissions.length === 0);
  await ann.ask("room:open-direct", { userId: "bob" });
  expect((await bob.ask("room:list", {})).rooms).toEqual([]);
  await bob.ask("room:open-direct", { userId: "ann" });
  await bob.ask("room:join", { roomId: direct });
});

it("opens a room for a visitor and those who moderate", async () => {
  const { as } = await startClub();
  const [guest, other, mod] = [await as("guest-1"), await as("guest-2"), await as("mod")];
  const { roomId: support } = await guest.ask("room:open-support", {});
  for (const client of [guest, mod]) await client.ask("room:join", { roomId: support });
  expect(await refusalOf(other.ask("room:join", { roomId: support }))).toMatchObject({ code: "forbidden" });
  expect((await other.ask("room:open-support", {})).roomId).not.toBe(support);
});

it("invites by a code as often as it says, until it says so, and nobody who is banned", async () => {
  const { as } = await startClub();
  const [mod, ann, bob, cid] = [await as("mod"), await as("ann"), await as("bob"), await as("cid")];
  await update(mod, { access: "private" });
  const { code } = await mod.ask("invite:create", { roomId, uses: 2 });
  const accept = (client: typeof ann, given = code) => client.ask("invite:accept", { id: uuidv7(), code: given });
  // Who is there already uses nothing up.
  for (let n = 0; n < 2; n++) expect(await accept(ann)).toEqual({ roomId });
  const outcomes = await Promise.allSettled([accept(bob), accept(cid)]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  const dan = await as("dan");
  expect((await refusalOf(accept(dan, "guessed"))).toJSON()).toEqual((await refusalOf(accept(dan))).toJSON());
  await ann.ask("room:join", { roomId });
  expect(await refusalOf(ann.ask("invite:create", { roomId }))).toMatchObject({ code: "forbidden" });
  const short = await mod.ask("invite:create", { roomId, validMs: 1 });
  await expect.poll(async () => refusalOf(accept(dan, short.code))).toMatchObject({ code: "not-found" });
});

it("says nothing of rooms that nobody made, where they are private until somebody does", async () => {
  const { as } = await startClub({ roomDefaults: { access: "private" } });
  const [mod, ann] = [await as("mod"), await as("ann")];
  await update(mod, { name: "Secret" });
  const refusals = await Promise.all([roomId, "no-such-room"].map((roomId) => refusalOf(ann.ask("room:join", { roomId }))));
  expect(refusals[0]?.toJSON()).toEqual(refusals[1]?.toJSON());
  await mod.ask("room:join", { roomId });
});

it("asks the application with the room and the member, which may open what is closed but lifts no mute", async () => {
  const authorize = vi.fn(({ user, command, room }) => (user.id === "ann" && command === "room:join" && room?.access === "private" ? true : undefined));
  const { as } = await startClub({ authorize });
  const [mod, ann, bob] = [await as("mod"), await as("ann"), await as("bob")];
  await update(mod, { access: "private" });
  expect((await ann.ask("room:join", { roomId })).permissions).toEqual(["read"]);
  expect(await refusalOf(bob.ask("room:join", { roomId }))).toMatchObject({ code: "forbidden" });
  await changeMember(mod, "member:add", "bob");
  await bob.ask("room:join", { roomId });
  expect(authorize).toHaveBeenCalledWith(expect.objectContaining({ command: "member:add", target: "bob", room: expect.objectContaining({ access: "private" }) }));
  expect(authorize).toHaveBeenCalledWith(expect.objectContaining({ command: "room:join", member: expect.objectContaining({ role: "member" }) }));
  await changeMember(mod, "member:remove", "bob");
  await bob.hears("room:permissions", ({ permissions }) => permissions.length === 0);
  expect(ann.all("room:permissions")).toEqual([]);
});
