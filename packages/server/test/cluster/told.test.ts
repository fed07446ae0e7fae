import { expect, it } from "vitest";
import { ManualClock } from "../manual-clock.js";
import { areConnected, roomId, startCluster } from "./cluster.js";
import { createMesh } from "./mesh.js";

it("hears of another node what is written and who leaves as it happens, without asking the store", async () => {
  const adapter = createMesh();
  // While these stand still nothing is polled, repaired or probed.
  const clocks = [new ManualClock(), new ManualClock()];
  const cluster = await startCluster([adapter(), adapter()], clocks);
  const [ann, bob] = [await cluster.join(0, "Ann"), await cluster.join(1, "Bob")];
  await ann.send(roomId, "hello");
  await bob.hears("room:events", ({ from }) => from === 1);
  await bob.send(roomId, "hi");
  await ann.hears("room:events", ({ from }) => from === 2);

  const passes = (isIt: () => boolean) =>
    expect
      .poll(
        () => {
          for (const clock of clocks) clock.advance(20);
          return isIt();
        },
        { timeout: 10_000, interval: 10 },
      )
      .toBe(true);
  const { id } = bob.ready.user;
  const start = clocks[0]?.now() ?? 0;
  await passes(() => ann.all("presence:changed").some(({ joined }) => joined.some((profile) => profile.id === id)));
  bob.close();
  await passes(() => ann.all("presence:changed").some(({ left }) => left.includes(id)));
  expect((clocks[0]?.now() ?? 0) - start).toBeLessThan(5_000);
  expect(cluster.watched.count("heads") + cluster.watched.count("eventsAfter")).toBe(0);
});

it("disconnects a user from every node", async () => {
  const adapter = createMesh();
  const cluster = await startCluster([adapter(), adapter()]);
  await areConnected(cluster);
  const [ann, bob] = [await cluster.join(0, "Ann"), await cluster.join(1, "Bob")];
  cluster.nodes[0]?.chat.disconnect(bob.ready.user.id);
  await bob.ends();
  expect(ann.socket.connected).toBe(true);
});
