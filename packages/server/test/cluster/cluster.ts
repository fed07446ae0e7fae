import { expect } from "vitest";
import type { Clock } from "../../src/clock.js";
import type { AdapterFactory } from "../../src/http/seat.js";
import type { ChatServerOptions } from "../../src/options.js";
import { memoryStore } from "../../src/stores/memory-store.js";
import { type TestClient, connect } from "../test-client.js";
import { type TestServer, startServer } from "../test-server.js";
import { WatchedStore } from "../watched-store.js";
import { fastClock } from "./fast-clock.js";

export const roomId = "lobby";

/** Several nodes of one chat: one store, and an adapter each. */
export interface Cluster {
  watched: WatchedStore;
  nodes: TestServer[];
  /** A client of the node of this number, with the room open. */
  join(node: number, name?: string): Promise<TestClient>;
}

const generous = { write: { burst: 5_000, perSecond: 5_000 }, room: { burst: 5_000, perSecond: 5_000 }, packets: { burst: 5_000, perSecond: 5_000 } };

export async function startCluster(adapters: readonly AdapterFactory[], clocks: readonly Clock[] = adapters.map(() => fastClock), options: ChatServerOptions = {}): Promise<Cluster> {
  const watched = new WatchedStore(memoryStore());
  const nodes: TestServer[] = [];
  for (const [index, adapter] of adapters.entries()) {
    nodes.push(await startServer({ store: watched.store, adapter, rates: generous, ...options, ...(clocks[index] && { clock: clocks[index] }) }));
  }
  const join = async (node: number, name?: string) => {
    const client = await connect(nodes[node]?.origin ?? "", name === undefined ? {} : { guestName: name });
    await client.ask("room:join", { roomId });
    return client;
  };
  return { watched, nodes, join };
}

/** Waits until the nodes have heard of each other. */
export async function areConnected({ nodes }: Pick<Cluster, "nodes">): Promise<void> {
  await expect.poll(() => nodes.map(({ chat }) => chat.status().bus), { timeout: 10_000 }).toEqual(nodes.map(() => "live"));
}

/** Waits until each of these has heard the whole log of the room, in order. */
export async function haveHeardAll({ watched }: Cluster, clients: readonly TestClient[]): Promise<void> {
  const [head = 0] = await watched.store.heads([roomId]);
  const log = await watched.store.eventsAfter(roomId, 0, head);
  if (log.kind !== "events") throw new Error("the log was trimmed");
  const ids = log.events.map(({ id }) => id);
  for (const client of clients) {
    await expect.poll(() => client.events(roomId).length, { timeout: 15_000 }).toBeGreaterThanOrEqual(head);
    expect(client.events(roomId).map(({ id }) => id)).toEqual(ids);
  }
}
