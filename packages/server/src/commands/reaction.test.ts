import { expect, it } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { type TestClient, connect, refusalOf } from "../../test/test-client.js";
import { startServer } from "../../test/test-server.js";

const roomId = "lobby";

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
