import { v7 as uuidv7 } from "uuid";
import { expect, it } from "vitest";
import { ManualClock } from "../manual-clock.js";
import { enter, ofTokens } from "../moderators.js";
import { refusalOf } from "../test-client.js";
import { roomId, startCluster } from "./cluster.js";
import { createMesh } from "./mesh.js";

/** Mia, who moderates, on one node and the others on the other; nothing is polled while the clocks stand still. */
async function start() {
  const adapter = createMesh();
  const clocks = [new ManualClock(), new ManualClock()] as const;
  const { nodes } = await startCluster([adapter(), adapter()], clocks, ofTokens);
  const [here = "", there = ""] = nodes.map(({ origin }) => origin);
  const [mia, ann, bob] = [await enter(here, "mia moderator"), await enter(there, "ann"), await enter(there, "bob")];
  const about = () => ({ roomId, id: uuidv7(), userId: "bob" });
  return { mia, ann, bob, about, clocks, chat: nodes[0]?.chat, there };
}

it("mutes on every node, and lets write again", async () => {
  const { mia, bob, about } = await start();
  await bob.send(roomId, "hello");
  await mia.ask("member:mute", about());
  await expect.poll(async () => (await refusalOf(bob.send(roomId, "more"))).code).toBe("forbidden");
  await mia.ask("member:unmute", about());
  await bob.hears("room:events", ({ events }) => events.some((event) => event["change"] === "unmuted"));
  await bob.send(roomId, "thanks");
});

it.each(["member:ban", "member:kick"] as const)("puts out of the room on every node with %s, and tells nothing after it", async (command) => {
  const { mia, ann, bob, about, clocks } = await start();
  const before = Array.from({ length: 50 }, (_, n) => mia.send(roomId, `before ${n}`));
  await Promise.all([...before, mia.ask(command, about())]);
  await Promise.all(Array.from({ length: 50 }, (_, n) => mia.send(roomId, `after ${n}`)));
  await bob.hears("room:permissions", ({ permissions }) => permissions.length === 0);
  await ann.hears("room:events", ({ events }) => events.some((event) => event["text"] === "after 49"));
  expect(JSON.stringify(bob.heard)).not.toContain("after");
  expect(await refusalOf(bob.ask("history:read", { roomId }))).toMatchObject({ code: "forbidden" });
  expect(await refusalOf(bob.ask("room:join", { roomId }))).toMatchObject({ code: "forbidden" });
  if (command === "member:kick") for (const clock of clocks) clock.advance(10_001);
  else await mia.ask("member:unban", about());
  await expect.poll(() => bob.ask("room:join", { roomId }).then(() => "in", () => "out")).toBe("in");
});

it("locks a room and slows it down on every node", async () => {
  const { mia, bob } = await start();
  await mia.ask("room:update", { roomId, id: uuidv7(), settings: { isLocked: true } });
  await expect.poll(async () => (await refusalOf(bob.send(roomId, "hello"))).code).toBe("forbidden");
  await mia.ask("room:update", { roomId, id: uuidv7(), settings: { isLocked: false, slowModeMs: 60_000 } });
  await bob.hears("room:events", ({ events }) => JSON.stringify(events).includes("60000"));
  await bob.send(roomId, "hello");
  expect(await refusalOf(bob.send(roomId, "hello again"))).toMatchObject({ code: "rate-limited", details: { slowModeMs: 60_000 } });
  const { entries } = await mia.ask("audit:read", { roomId });
  expect(entries).toMatchObject([{ action: "room.updated", by: "mia" }, { action: "room.updated" }]);
});

it("tells moderators of every node that something was reported", async () => {
  const { mia, ann, bob, chat } = await start();
  const { id: messageId } = await bob.send(roomId, "buy my watches");
  await ann.ask("message:report", { roomId, messageId, reason: "spam" });
  await mia.hears("report:filed");
  expect((await mia.ask("report:list", { roomId })).reports).toMatchObject([{ messageId }]);
  await chat?.room(roomId).delete(messageId, { by: "spam-filter", reason: "watches" });
  await ann.hears("room:events", ({ events }) => events.some(({ type }) => type === "message.deleted"));
  for (const client of [ann, bob]) expect(client.all("report:filed")).toEqual([]);
});

it("knows on every node who moderates the whole chat, also when they are away", async () => {
  const { mia, there } = await start();
  mia.close();
  await mia.ends();
  const max = await enter(there, "max moderator");
  expect(await refusalOf(max.ask("member:ban", { roomId, id: uuidv7(), userId: "mia" }))).toMatchObject({ code: "forbidden" });
  const ada = await enter(there, "ada admin");
  await ada.ask("member:ban", { roomId, id: uuidv7(), userId: "mia" });
});
