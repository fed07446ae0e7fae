import { once } from "node:events";
import { createServer } from "node:http";
import { createChatServer } from "@chat-widget/server";
import { createChatClient, type ChatClient } from "@chat-widget/client";
import { expect, it, onTestFinished, vi } from "vitest";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Whoever has the token `mod` moderates. */
async function start() {
  const http = createServer();
  const chat = createChatServer(http, { authenticate: ({ token = "" }) => ({ id: token, name: token.toUpperCase(), roles: [token === "mod" ? "moderator" : "member"] }), logger: silent });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const address = http.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/chat`;
  onTestFinished(async () => {
    await chat.close({ drainMs: 100 });
    http.closeAllConnections();
    http.close();
  });
  return async (token: string): Promise<ChatClient> => {
    const client = createChatClient({ url, getToken: () => token, logger: silent });
    onTestFinished(() => client.close());
    client.connect();
    await vi.waitFor(() => expect(client.getSnapshot().status).toBe("online"));
    return client;
  };
}

async function open(client: ChatClient, roomId: string) {
  const room = client.room(roomId);
  await vi.waitFor(() => expect(room.getSnapshot().phase).toBe("ready"));
  return room;
}

it("shows how the room is run and what the user is to it, as it changes, and that they were put out", async () => {
  const as = await start();
  const [mod, ann] = [await open(await as("mod"), "club"), await open(await as("ann"), "club")];
  expect(ann.getSnapshot()).toMatchObject({ settings: { access: "open", slowModeMs: 0 }, member: undefined });
  const people = await mod.people();
  await people.add("ann");
  await people.update({ name: "Club", access: "private", writers: "moderators" });
  await vi.waitFor(() => expect(ann.getSnapshot()).toMatchObject({ settings: { name: "Club", writers: "moderators" }, member: { role: "member" } }));
  await vi.waitFor(() => expect(ann.getSnapshot().permissions).not.toContain("send"));
  await people.setRole("ann", "moderator");
  await vi.waitFor(() => expect(ann.getSnapshot().permissions).toContain("manage-members"));
  expect((await (await ann.people()).list()).members).toMatchObject([{ user: { id: "ann" }, role: "moderator" }]);

  const asked = ann.send({ text: "one" });
  await asked;
  await people.remove("ann");
  await vi.waitFor(() => expect(ann.getSnapshot()).toMatchObject({ phase: "failed", error: { code: "forbidden" }, permissions: [] }));
  await expect(ann.send({ text: "let me in" })).rejects.toMatchObject({ code: "forbidden" });

  // Who is let in again is in as soon as they ask for something.
  await people.add("ann");
  await people.update({ writers: "everyone" });
  await ann.send({ text: "thank you" });
  expect(ann.getSnapshot()).toMatchObject({ phase: "ready", member: { role: "member" } });
});

it("leads to the rooms of the user", async () => {
  const as = await start();
  const [mod, ann, bob] = [await as("mod"), await as("ann"), await as("bob")];
  const rooms = await ann.ownRooms();
  const direct = await rooms.openDirect("bob");
  const support = await rooms.openSupport();
  const { code } = await (await open(mod, "club")).people().then((people) => people.invite({ uses: 1 }));
  expect(await rooms.acceptInvite(code)).toBe("club");
  const toAnn = await open(bob, direct);
  await toAnn.send({ text: "hi" });
  await toAnn.send({ text: "@ann", mentions: ["ann"] });
  expect((await rooms.list()).rooms.map(({ roomId, unreadCount, unreadMentionCount }) => [roomId, unreadCount, unreadMentionCount])).toEqual([["club", 0, 0], [direct, 2, 1], [support, 0, 0]]);
  const { rooms: first, next = "" } = await rooms.list({ limit: 1 });
  expect([first.length, next]).toEqual([1, "club"]);
  expect((await rooms.list({ after: next })).rooms).toHaveLength(2);
  await (await (await open(ann, direct)).people()).leave();
  expect((await rooms.list()).rooms.map(({ roomId }) => roomId)).toEqual(["club", support]);
});
