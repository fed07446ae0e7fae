import { expect, it } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { byToken, changeMember, roomId, update } from "../rooms.js";
import { connect, refusalOf } from "../test-client.js";
import { areConnected, haveHeardAll, startCluster } from "./cluster.js";
import { faultyAdapter, noFaults } from "./faulty-adapter.js";
import { createMesh } from "./mesh.js";

/** Two nodes; what is said between them may be lost. */
async function startTwo() {
  const adapter = createMesh();
  const faults = { ...noFaults };
  const cluster = await startCluster([adapter(), faultyAdapter(adapter(), faults, Math.random)], undefined, byToken);
  await areConnected(cluster);
  const as = async (node: number, token: string) => {
    const client = await connect(cluster.nodes[node]?.origin ?? "", { token });
    await client.ask("room:join", { roomId });
    return client;
  };
  return { cluster, faults, as };
}

it("39. A removed member hears nothing from their removal on, on another node and while a hundred messages are on their way", async () => {
  const { as } = await startTwo();
  const [mod, ann, bob] = [await as(0, "mod"), await as(1, "ann"), await as(1, "bob")];
  for (const userId of ["ann", "bob"]) await changeMember(mod, "member:add", userId);
  await update(mod, { access: "private" });
  const sent = Array.from({ length: 50 }, (_, n) => Promise.all([mod.send(roomId, `${n}`), bob.send(roomId, `${n}`)]));
  const { event } = await changeMember(mod, "member:remove", "ann");
  await Promise.all(sent);
  await ann.hears("room:permissions", ({ permissions }) => permissions.length === 0);
  await bob.ask("typing:set", { roomId, isTyping: true });
  await expect.poll(() => bob.events(roomId).length, { timeout: 10_000 }).toBeGreaterThan(100);
  expect(ann.events(roomId).at(-1)).toEqual(event);
  expect(ann.all("typing:changed")).toEqual([]);
  for (const asked of [ann.ask("history:read", { roomId }), ann.ask("room:join", { roomId }), ann.send(roomId, "let me in")]) expect(await refusalOf(asked)).toMatchObject({ code: "forbidden" });
});

it("puts out who may not be there on a node that missed the word, as soon as it finds the log ahead", async () => {
  const { cluster, faults, as } = await startTwo();
  const [mod, ann, bob] = [await as(0, "mod"), await as(1, "ann"), await as(1, "bob")];
  await changeMember(mod, "member:add", "bob");
  faults.loss = 1;
  await update(mod, { access: "private" });
  await mod.send(roomId, "only us");
  await ann.hears("room:permissions", ({ permissions }) => permissions.length === 0);
  await expect.poll(() => bob.events(roomId).length, { timeout: 10_000 }).toBe(3);
  expect(ann.events(roomId).map(({ type }) => type)).toEqual(["member.changed", "room.updated"]);
  await haveHeardAll(cluster, [mod, bob]);
});

it("holds slow mode for somebody who writes by several nodes", async () => {
  const { as } = await startTwo();
  const [mod, here, there] = [await as(0, "mod"), await as(0, "ann"), await as(1, "ann")];
  await update(mod, { slowModeMs: 60_000 });
  await there.hears("room:events", ({ events }) => events.some(({ type }) => type === "room.updated"));
  const { id } = await here.send(roomId, "one");
  await there.hears("room:events", ({ events }) => events.some((event) => event["id"] === id));
  expect(await refusalOf(there.send(roomId, "two"))).toMatchObject({ code: "rate-limited" });
  // Who comes anew is known by the log.
  const anew = await as(1, "ann");
  expect(await refusalOf(anew.send(roomId, "two"))).toMatchObject({ code: "rate-limited" });
});

it("reads nothing more for a message once its writer is known", async () => {
  const { cluster, as } = await startTwo();
  const ann = await as(0, "ann");
  await ann.send(roomId, "one");
  const before = cluster.watched.count("records");
  for (let n = 0; n < 20; n++) await ann.ask("message:send", { roomId, id: uuidv7(), text: `${n}` });
  expect(cluster.watched.count("records")).toBe(before);
});
