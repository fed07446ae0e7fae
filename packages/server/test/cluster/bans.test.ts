import { expect, it } from "vitest";
import type { ChatServerOptions } from "../../src/options.js";
import { ManualClock } from "../manual-clock.js";
import { byToken } from "../moderators.js";
import { connect, refusalOf } from "../test-client.js";
import { areConnected, roomId, startCluster } from "./cluster.js";
import { fastClock } from "./fast-clock.js";
import { faultyAdapter, noFaults } from "./faulty-adapter.js";
import { createMesh } from "./mesh.js";

const by = "mia";
const options: ChatServerOptions = { authenticate: byToken, guests: false, perAddress: { proxies: 1 } };

/** Two nodes whose clocks stand still, so that nothing is polled: what holds was told. */
async function start() {
  const adapter = createMesh();
  const clocks = [new ManualClock(), new ManualClock()] as const;
  const cluster = await startCluster([adapter(), adapter()], clocks, options);
  const visit = async (node: number, token: string, address = "203.0.113.7") => {
    const client = await connect(cluster.nodes[node]?.origin ?? "", { token, headers: { "x-forwarded-for": address } });
    await client.ask("room:join", { roomId });
    return client;
  };
  const [here, there] = cluster.nodes;
  if (here === undefined || there === undefined) throw new Error("there are no nodes");
  return { visit, clocks, moderation: here.chat.moderation, there: there.chat.moderation };
}

it("keeps a banned user out of every node, from open connections on, until it is lifted", async () => {
  const { visit, moderation, there } = await start();
  const [ann, bob] = [await visit(1, "ann"), await visit(1, "bob")];
  await moderation.ban({ userId: "bob" }, { by, reason: "spam" });
  await bob.ends();
  for (const node of [0, 1]) expect(await refusalOf(visit(node, "bob"))).toMatchObject({ code: "banned", retry: "no", details: undefined });
  expect(ann.socket.connected).toBe(true);
  await expect.poll(() => there.bans()).toMatchObject([{ userId: "bob", by, reason: "spam" }]);
  await there.unban({ userId: "bob" }, { by });
  await expect.poll(() => moderation.bans()).toEqual([]);
  await visit(0, "bob");
});

it("keeps a banned network out before anybody is asked who comes from it", async () => {
  const { visit, moderation } = await start();
  const [ann, bob, six] = [await visit(1, "ann", "198.51.100.1"), await visit(1, "bob"), await visit(1, "six", "2001:db8:1:2::7")];
  await moderation.ban({ address: "203.0.113.0/24" }, { by });
  await bob.ends();
  await moderation.ban({ address: "2001:db8:1:2::9" }, { by });
  await six.ends();
  for (const node of [0, 1]) {
    // A token that `authenticate` would refuse otherwise.
    expect(await refusalOf(visit(node, " ", "203.0.113.99"))).toMatchObject({ code: "banned" });
    expect(await refusalOf(visit(node, " ", "2001:db8:1:2:ffff::"))).toMatchObject({ code: "banned" });
    expect(await refusalOf(visit(node, " ", "2001:db8:1:3::"))).toMatchObject({ code: "unauthenticated" });
  }
  expect(ann.socket.connected).toBe(true);
  await moderation.unban({ address: "2001:db8:1:2::/64" }, { by });
  expect(await moderation.bans()).toMatchObject([{ address: "203.0.113.0/24" }]);
});

it("lets in again when the time is over, and says when that is", async () => {
  const { visit, moderation, clocks } = await start();
  const until = clocks[0].now() + 60_000;
  await moderation.ban({ userId: "bob" }, { by, until });
  await expect.poll(() => refusalOf(visit(1, "bob"))).toMatchObject({ code: "banned", details: { until } });
  clocks[1].advance(60_001);
  await visit(1, "bob");
});

it("learns of a ban from the store when nobody tells it", async () => {
  const adapter = createMesh();
  const faults = { ...noFaults };
  const cluster = await startCluster([faultyAdapter(adapter(), faults, Math.random), adapter()], [fastClock, fastClock], options);
  await areConnected(cluster);
  const bob = await connect(cluster.nodes[1]?.origin ?? "", { token: "bob" });
  faults.loss = 1;
  await cluster.nodes[0]?.chat.moderation.ban({ userId: "bob" }, { by });
  await bob.ends();
});
