import { expect, it } from "vitest";
import { ManualClock } from "../manual-clock.js";
import { connect } from "../test-client.js";
import { areConnected, roomId, startCluster } from "./cluster.js";
import { fastClock } from "./fast-clock.js";
import { faultyAdapter, noFaults } from "./faulty-adapter.js";
import { createMesh } from "./mesh.js";

it("lets the people of a node that ends without a word go when its lease ends, and not before", async () => {
  const adapter = createMesh();
  const faults = { ...noFaults };
  const clock = new ManualClock();
  const cluster = await startCluster([adapter(), faultyAdapter(adapter(), faults, Math.random)], [clock, fastClock]);
  await areConnected(cluster);
  const ann = await cluster.join(0, "Ann");
  const bob = await cluster.join(1, "Bob");
  await cluster.join(1, "Cid");
  const countIs = (count: number) =>
    expect
      .poll(
        () => {
          clock.advance(100);
          return ann.all("presence:changed").at(-1)?.count;
        },
        { timeout: 10_000 },
      )
      .toBe(count);
  await countIs(3);
  faults.loss = 1;
  clock.advance(9_000);
  expect((await ann.ask("room:join", { roomId })).presence.count).toBe(3);
  expect(cluster.nodes[0]?.chat.status()).toMatchObject({ bus: "live", otherNodes: 1 });
  clock.advance(12_000);
  const { left, count } = await ann.hears("presence:changed", (changed) => changed.left.length > 0);
  expect(left).toContain(bob.ready.user.id);
  expect(count).toBe(1);
  expect(cluster.nodes[0]?.chat.status()).toMatchObject({ bus: "silent", otherNodes: 0 });
  faults.loss = 0;
  await countIs(3);
  expect(cluster.nodes[0]?.chat.status()).toMatchObject({ bus: "live", otherNodes: 1 });
});

it("lets the people of a node that says goodbye go at once, and does not take the way for broken", async () => {
  const adapter = createMesh();
  const cluster = await startCluster([adapter(), adapter()]);
  await areConnected(cluster);
  const ann = await cluster.join(0, "Ann");
  await cluster.join(1, "Bob");
  await ann.hears("presence:changed", ({ count }) => count === 2);
  await cluster.nodes[1]?.chat.close({ drainMs: 0 });
  await ann.hears("presence:changed", ({ count, left }) => count === 1 && left.length === 1);
  expect(cluster.nodes[0]?.chat.status()).toMatchObject({ bus: "alone", otherNodes: 0 });
});

it("counts who is on two nodes once", async () => {
  const adapter = createMesh();
  const cluster = await startCluster([adapter(), adapter()]);
  await areConnected(cluster);
  const ann = await cluster.join(0, "Ann");
  const { guestToken = "" } = ann.ready;
  const twin = await connect(cluster.nodes[1]?.origin ?? "", { guestToken });
  await twin.ask("room:join", { roomId });
  const bob = await cluster.join(1, "Bob");
  await ann.hears("presence:changed", ({ joined }) => joined.some(({ id }) => id === bob.ready.user.id));
  expect(ann.all("presence:changed").at(-1)?.count).toBe(2);
  twin.close();
  bob.close();
  await ann.hears("presence:changed", ({ left }) => left.includes(bob.ready.user.id));
  expect(ann.all("presence:changed").flatMap(({ left }) => left)).not.toContain(ann.ready.user.id);
});
