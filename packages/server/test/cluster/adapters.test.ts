import { createAdapter as createStreamsAdapter } from "@socket.io/redis-streams-adapter";
import { createAdapter as createRedisAdapter } from "@socket.io/redis-adapter";
import { describe, expect, it } from "vitest";
import type { AdapterFactory } from "../../src/http/seat.js";
import { areConnected, haveHeardAll, roomId, startCluster } from "./cluster.js";
import { faultyAdapter, noFaults } from "./faulty-adapter.js";
import { createMesh } from "./mesh.js";
import { Redis } from "./redis.js";

interface Way {
  /** Makes the adapter of one node. */
  adapter(): Promise<AdapterFactory>;
  redis?: Redis;
}

const ways: Record<string, () => Promise<Way>> = {
  "an adapter within one process": async () => {
    const adapter = createMesh();
    return { adapter: async () => adapter() };
  },
  "Redis pub/sub": async () => {
    const redis = await Redis.start();
    return { redis, adapter: async () => createRedisAdapter(await redis.client(), await redis.client()) };
  },
  "Redis streams": async () => {
    const redis = await Redis.start();
    return { redis, adapter: async () => createStreamsAdapter(await redis.client()) };
  },
};

describe.each(Object.entries(ways))("two nodes over %s", (_name, start) => {
  it("tell everyone one order while both are written to at once", async () => {
    const way = await start();
    const cluster = await startCluster([await way.adapter(), await way.adapter()]);
    await areConnected(cluster);
    const clients = await Promise.all([0, 0, 1, 1].map((node) => cluster.join(node)));
    await Promise.all(clients.flatMap((client, index) => Array.from({ length: 25 }, (_, n) => client.send(roomId, `${index} ${n}`))));
    await haveHeardAll(cluster, clients);
  });

  it("miss nothing when a fifth of what they tell each other is lost, doubled or late, and read for the node what is missing", async () => {
    const way = await start();
    const faults = { ...noFaults };
    const cluster = await startCluster([faultyAdapter(await way.adapter(), faults, Math.random), faultyAdapter(await way.adapter(), faults, Math.random)]);
    await areConnected(cluster);
    const clients = await Promise.all([0, 0, 0, 1, 1, 1].map((node) => cluster.join(node)));
    Object.assign(faults, { loss: 0.2, doubled: 0.2, late: 0.2, lateMs: 30 });
    cluster.watched.takeReads();
    for (let n = 0; n < 20; n++) {
      await Promise.all([0, 1, 2].map((k) => clients[(n + k) % 6]?.send(roomId, `${n} ${k}`)));
      await new Promise(setImmediate);
    }
    await haveHeardAll(cluster, clients);
    // At most one for each node and event, however many clients a node has.
    expect(cluster.watched.takeReads()["eventsAfter"]).toBeLessThanOrEqual(2 * 60);
  });

  it("see each other's people, typists and read positions", async () => {
    const way = await start();
    const cluster = await startCluster([await way.adapter(), await way.adapter()]);
    await areConnected(cluster);
    const ann = await cluster.join(0, "Ann");
    const bob = await cluster.join(1, "Bob");
    await ann.hears("presence:changed", ({ count, joined }) => count === 2 && joined.some(({ name }) => name === "Bob"));
    await bob.hears("presence:changed", ({ count, joined }) => count === 2 && joined.some(({ name }) => name === "Ann"));
    await bob.ask("typing:set", { roomId, isTyping: true });
    await ann.hears("typing:changed", ({ users }) => users[0]?.name === "Bob");
    const { seq } = await bob.send(roomId, "hello");
    await ann.hears("typing:changed", ({ count }) => count === 0);
    await ann.hears("room:events", ({ from }) => from === seq);
    await ann.ask("receipt:move", { roomId, seq });
    await bob.hears("receipt:moved", ({ receipts }) => receipts.some((receipt) => receipt.userId === ann.ready.user.id && receipt.seq === seq));
    bob.close();
    await ann.hears("presence:changed", ({ count, left }) => count === 1 && left.includes(bob.ready.user.id));
  });
});

describe.each(Object.entries(ways).filter(([name]) => name.startsWith("Redis")))("two nodes over %s that goes away", (_name, start) => {
  it("lose nothing while Redis is away: here nobody notices, there everyone catches up", async () => {
    const way = await start();
    const cluster = await startCluster([await way.adapter(), await way.adapter()]);
    await areConnected(cluster);
    const [ann, anns, bob, bobs] = [await cluster.join(0), await cluster.join(0), await cluster.join(1), await cluster.join(1)];
    const flood = async (isOver: () => boolean) => {
      for (let n = 0; !isOver(); n++) {
        const [one, two] = await Promise.all([ann.send(roomId, `ann ${n}`), bob.send(roomId, `bob ${n}`)]);
        // On the same node each is heard although the other node cannot be asked.
        await anns.hears("room:events", ({ events }) => events.some(({ seq }) => seq === one.seq));
        await bobs.hears("room:events", ({ events }) => events.some(({ seq }) => seq === two.seq));
      }
    };
    let rounds = 0;
    await flood(() => rounds++ === 10);
    const killed = way.redis?.kill();
    rounds = 0;
    await flood(() => rounds++ === 10);
    await killed;
    await flood(() => cluster.nodes.every(({ chat }) => chat.status().bus === "silent"));
    for (const { log } of cluster.nodes) expect(log.messages("warn")).toContainEqual(expect.stringContaining("no other node is heard any more"));
    await haveHeardAll(cluster, [ann, anns, bob, bobs]);
    await way.redis?.start();
    await areConnected(cluster);
    rounds = 0;
    await flood(() => rounds++ === 10);
    await haveHeardAll(cluster, [ann, anns, bob, bobs]);
  });
});
