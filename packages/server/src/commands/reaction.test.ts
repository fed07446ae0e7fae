import { expect, it, vi } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { ChatError } from "@chat-widget/protocol";
import { type TestClient, connect, refusalOf } from "../../test/test-client.js";
import { startServer } from "../../test/test-server.js";
import { memoryStore } from "../stores/memory-store.js";

const roomId = "lobby";
const emoji = [..."😀😃😄😁😆😅🤣😂🙂🙃😉😊😇🥰😍🤩😘😗😚😙😋😛😜🤪"];
const codeOf = (error: unknown) => (ChatError.is(error) ? error.code : "not a ChatError");

const react = (client: TestClient, messageId: string, emoji: string) => client.ask("reaction:add", { roomId, id: uuidv7(), messageId, emoji });
const takeBack = (client: TestClient, messageId: string, emoji: string) => client.ask("reaction:remove", { roomId, id: uuidv7(), messageId, emoji });

it("adds and removes a reaction, and has nothing to do the second time", async () => {
  const { origin } = await startServer();
  const [ann, bob] = [await connect(origin), await connect(origin)];
  for (const client of [ann, bob]) await client.ask("room:join", { roomId });
  const { id: messageId } = await ann.send(roomId, "hello");

  expect(await react(bob, messageId, "👍")).toMatchObject({ event: { type: "reaction.added", by: bob.ready.user.id } });
  expect(await react(bob, messageId, "👍")).toEqual({});
  await react(ann, messageId, "👍");
  const userIds = [bob.ready.user.id, ann.ready.user.id];
  expect((await ann.ask("message:read", { roomId, messageIds: [messageId] })).messages).toMatchObject([{ reactions: [{ emoji: "👍", userIds }] }]);

  expect(await takeBack(bob, messageId, "👍")).toMatchObject({ event: { type: "reaction.removed" } });
  expect(await takeBack(bob, messageId, "👍")).toEqual({});
  expect((await ann.ask("history:read", { roomId })).asOf).toBe(4);
});

it("limits how many different emoji a message has", async () => {
  const { origin } = await startServer({ limits: { reactionsPerMessage: 1 } });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  const { id: messageId } = await ann.send(roomId, "hello");
  await react(ann, messageId, "👍");
  expect(await refusalOf(react(ann, messageId, "🎉"))).toMatchObject({ code: "too-large", details: { limit: 1 } });
});

it("limits them also when they are asked at once, by several users", async () => {
  let allow = (): void => undefined;
  const isAllowed = new Promise<void>((resolve) => (allow = resolve));
  let waiting = 0;
  const { origin } = await startServer({
    limits: { reactionsPerMessage: 5 },
    authorize: async ({ command, message }) => {
      if (command !== "reaction:add" || message === undefined) return undefined;
      waiting += 1;
      await isAllowed;
      return true;
    },
  });
  const clients = [await connect(origin), await connect(origin), await connect(origin)];
  for (const client of clients) await client.ask("room:join", { roomId });
  const [ann = await connect(origin)] = clients;
  const { id: messageId } = await ann.send(roomId, "hello");
  // Each connection is answered in turn, so that as many are at work at once as there are connections.
  const asked = clients.flatMap((client, index) => emoji.slice(index * 4, index * 4 + 4).map((one) => react(client, messageId, one).then(() => "done", codeOf)));
  await vi.waitFor(() => expect(waiting).toBe(clients.length));
  allow();
  expect((await Promise.all(asked)).toSorted()).toEqual([...Array<string>(5).fill("done"), ...Array<string>(7).fill("too-large")]);
  expect((await ann.ask("message:read", { roomId, messageIds: [messageId] })).messages[0]?.reactions).toHaveLength(5);
});

it("makes room again for what was refused or taken back", async () => {
  const { origin } = await startServer({ limits: { reactionsPerMessage: 1 } });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  const { id: messageId } = await ann.send(roomId, "hello");
  for (const one of emoji.slice(0, 3)) {
    await react(ann, messageId, one);
    expect(await refusalOf(react(ann, messageId, "👍"))).toMatchObject({ code: "too-large" });
    await takeBack(ann, messageId, one);
  }
  const write = (name: "reaction:add" | "reaction:remove", one: string) => ({ name, input: { roomId, id: uuidv7(), messageId, emoji: one } }) as const;
  const writes = [write("reaction:add", "🎉"), write("reaction:remove", "🎉"), write("reaction:add", "👍")];
  expect((await ann.ask("room:write", { roomId, writes })).results.map(({ ok }) => ok)).toEqual([true, true, true]);
});

it("limits how many reactions one user gives a message", async () => {
  const { origin } = await startServer();
  const [ann, bob] = [await connect(origin), await connect(origin)];
  for (const client of [ann, bob]) await client.ask("room:join", { roomId });
  const { id: messageId } = await ann.send(roomId, "hello");
  for (const one of emoji.slice(0, 20)) await react(ann, messageId, one);
  expect(await refusalOf(react(ann, messageId, "👍"))).toMatchObject({ code: "too-large", details: { limit: 20 } });
  await react(bob, messageId, "👍");
});

it("limits how many reactions a message has", async () => {
  const store = memoryStore();
  const { origin, chat } = await startServer({ store });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  const { id: messageId } = await chat.room(roomId).send({ author: { id: "bot", name: "Bot" }, text: "like this" });
  const added = (n: number) => ({ draft: { type: "reaction.added", id: uuidv7(), by: `user ${n}`, messageId, emoji: "👍" }, at: 1, fingerprint: "f" }) as const;
  await store.append(roomId, Array.from({ length: 999 }, (_, n) => added(n)));
  await react(ann, messageId, "👍");
  expect(await refusalOf(react(ann, messageId, "🎉"))).toMatchObject({ code: "too-large", details: { limit: 1_000 } });
});

it("refuses a reaction to nothing, to what is deleted, and with what is no emoji", async () => {
  const { origin } = await startServer();
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  const { id: messageId } = await ann.send(roomId, "hello");
  expect(await refusalOf(react(ann, uuidv7(), "👍"))).toMatchObject({ code: "not-found" });
  expect(await refusalOf(react(ann, messageId, "ok"))).toMatchObject({ code: "invalid", details: { issues: [expect.stringContaining("emoji")] } });
  await ann.ask("message:delete", { roomId, id: uuidv7(), messageId });
  expect(await refusalOf(react(ann, messageId, "👍"))).toMatchObject({ code: "conflict" });
});
