import { expect, it } from "vitest";
import { startClub } from "../test/rooms.js";
import { refusalOf } from "../test/test-client.js";

const by = "application";

it("makes rooms, says how they are run, and lists them", async () => {
  const { chat } = await startClub();
  expect(await chat.rooms.get("club")).toBeUndefined();
  const made = await chat.rooms.create("club", { by, settings: { name: "Club", access: "private" }, members: [{ id: "ann", name: "Ann" }, "bob"] });
  expect(made).toMatchObject({ roomId: "club", settings: { name: "Club", access: "private", writers: "everyone" }, head: 3 });
  expect(await refusalOf(chat.rooms.create("club", { by }))).toMatchObject({ code: "conflict" });
  await chat.rooms.create("plain", { by });
  expect(await chat.rooms.update("club", { by, settings: { name: null, topic: "ours", retentionDays: 7 } })).toMatchObject({ settings: { access: "private", topic: "ours", retentionDays: 7 } });
  expect((await chat.rooms.get("club"))?.settings).not.toHaveProperty("name");
  expect(await chat.rooms.list({ limit: 1 })).toMatchObject({ rooms: [{ roomId: "club", head: 4 }], next: "club" });
  expect(await chat.rooms.list({ after: "club" })).toMatchObject({ rooms: [{ roomId: "plain", settings: { access: "open" } }] });
});

it("changes who belongs to a room, at once for those who are there", async () => {
  const { chat, as } = await startClub();
  await chat.rooms.create("club", { by, settings: { access: "private" } });
  await chat.rooms.addMember("club", { by, user: { id: "ann", name: "Ann" } });
  await chat.rooms.addMember("club", { by, user: "bob", role: "moderator" });
  const [ann, bob] = [await as("ann"), await as("bob")];
  await ann.ask("room:join", { roomId: "club" });
  expect((await bob.ask("room:join", { roomId: "club" })).permissions).toContain("manage-members");
  expect(await chat.rooms.members("club")).toMatchObject({ members: [{ user: { name: "Ann" } }, { user: { id: "bob" }, role: "moderator" }] });
  expect(await chat.rooms.of("bob")).toMatchObject({ rooms: [{ roomId: "club", member: { role: "moderator" } }] });
  await chat.rooms.removeMember("club", { by, userId: "ann" });
  await ann.hears("room:permissions", ({ permissions }) => permissions.length === 0);
  expect(await chat.rooms.of("ann")).toEqual({ rooms: [] });
});

it("leads to the private rooms of people, the same as they find themselves", async () => {
  const { chat, as } = await startClub();
  const ann = { id: "ann", name: "Ann" };
  const client = await as("ann");
  expect(await chat.rooms.direct(ann, "bob")).toBe((await client.ask("room:open-direct", { userId: "bob" })).roomId);
  const support = await chat.rooms.support(ann);
  expect(support).toBe((await client.ask("room:open-support", {})).roomId);
  await chat.room(support).send({ author: { id: "bot", name: "Bot" }, text: "How can I help?" });
  expect((await client.ask("room:join", { roomId: support })).catchUp).toMatchObject({ messages: [{ text: "How can I help?" }] });
});

it("says what does not fit", async () => {
  const { chat } = await startClub();
  for (const [name, ...given] of [
    ["get", "a b"],
    ["list", { limit: 0 }],
    ["of", ""],
    ["create", "club", { by: "" }],
    ["update", "club", { by, settings: { access: "secret" } }],
    ["update", "club", { by, settings: { retentionDays: -1 } }],
    ["addMember", "club", { by, user: { id: "ann" } }],
    ["removeMember", "club", { by }],
    ["direct", { id: "ann", name: "Ann" }, "ann"],
  ] as const) {
    const asked: Promise<unknown> = Reflect.apply(chat.rooms[name], chat.rooms, given);
    expect(await refusalOf(asked), `${name} ${JSON.stringify(given)}`).toMatchObject({ code: "invalid" });
  }
});
