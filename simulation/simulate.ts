import { memoryStorage } from "@chat-widget/client";
import { type ChatStore, memoryStore } from "@chat-widget/server";
import { Bus } from "./bus.js";
import { History } from "./history.js";
import { judge } from "./judge.js";
import { Nemesis } from "./nemesis.js";
import { Network } from "./network.js";
import { Node } from "./node.js";
import { Tab } from "./tab.js";
import { VirtualWebSocket, useNetworks } from "./virtual-web-socket.js";
import { Visitor } from "./visitor.js";
import { World } from "./world.js";

/** How large a simulation is. */
export interface Size {
  nodes: number;
  users: number;
  /** Tabs of each user, on one storage. */
  tabs: number;
  rooms: number;
  /** For how long there are faults, in virtual seconds. */
  seconds: number;
}

/** How it went. */
export interface Outcome {
  seed: number;
  faults: string[];
  asked: number;
  acknowledged: number;
  events: number;
}

/** Every second story is of visitors with two tabs, every third of one node alone. */
export function sizeOf(seed: number): Size {
  return { nodes: seed % 3 === 0 ? 1 : 3, users: 4, tabs: seed % 2 === 0 ? 2 : 1, rooms: 2, seconds: 90 };
}

const calmSeconds = 60;

/** Plays one story: visitors on several nodes while everything breaks, then calm, then judgement. `wrap` may put a fault of its own into the database. */
export async function simulate(seed: number, size: Size = sizeOf(seed), wrap: (store: ChatStore) => ChatStore = (store) => store): Promise<Outcome> {
  const world = new World(seed);
  const bus = new Bus(world);
  const shared = memoryStore();
  const storeFaults = { isDown: false, isFull: false, failure: 0 };
  const store = wrap(shared);
  const nodes = Array.from({ length: size.nodes }, () => new Node({ world, bus, store, storeFaults }));
  const network = new Network(world, nodes);
  const roomIds = Array.from({ length: size.rooms }, (_, n) => `room-${n + 1}`);
  const history = new History();
  const origins = new Map<string, Tab>();
  useNetworks((host) => {
    const origin = origins.get(host);
    return origin && { network, origin };
  });
  Object.assign(globalThis, { WebSocket: VirtualWebSocket });

  const tabs = Array.from({ length: size.users }, (_, user) => {
    const storage = memoryStorage();
    return Array.from({ length: size.tabs }, (_unused, n) => new Tab(`u${user + 1}t${n + 1}`, { userId: `user-${user + 1}`, world, network, host: `u${user + 1}t${n + 1}.test`, storage }));
  }).flat();
  for (const node of nodes) node.start();
  for (const tab of tabs) {
    origins.set(`${tab.name}.test`, tab);
    tab.open(roomIds);
  }

  const nemesis = new Nemesis({ world, network, bus, storeFaults, nodes, tabs });
  const visitors = tabs.map((tab) => new Visitor(world, tab, history));
  const end = world.now + size.seconds * 1_000;
  const again = (meanMs: number, run: () => void): void => {
    world.after(world.between(0, 2 * meanMs), () => {
      if (world.now >= end) return;
      run();
      again(meanMs, run);
    });
  };
  for (const visitor of visitors) again(700, () => visitor.act());
  again(4_000, () => nemesis.strike());
  await world.pass(size.seconds * 1_000);
  nemesis.rest();
  await world.pass(calmSeconds * 1_000);

  const faults = await judge(shared, roomIds, tabs, history);
  const heads = await shared.heads(roomIds);
  for (const tab of tabs) void tab.close();
  for (const node of nodes) void node.stop();
  await world.pass(10_000);
  return { seed, faults, asked: history.sent.length, acknowledged: history.acknowledged.length, events: heads.reduce((sum, head) => sum + head, 0) };
}
