import type { Bus } from "./bus.js";
import type { StoreFaults } from "./faulty-store.js";
import type { Network } from "./network.js";
import type { Node } from "./node.js";
import type { Tab } from "./tab.js";
import type { World } from "./world.js";

interface Targets {
  world: World;
  network: Network;
  bus: Bus;
  storeFaults: StoreFaults;
  nodes: readonly Node[];
  tabs: readonly Tab[];
}

/** Breaks one thing after the other, and mends each after a while. */
export class Nemesis {
  readonly #targets: Targets;
  readonly #faults: readonly ((targets: Targets) => () => void)[];
  readonly #mend = new Set<() => void>();

  constructor(targets: Targets) {
    this.#targets = targets;
    this.#faults = [crashNode, crashAll, stopNode, cutSome, flap, breakOnWrites, silenceSome, freezeTab, reloadTab, slowNetwork, badBus, fullStore, downStore, failingStore];
  }

  strike(): void {
    const { world } = this.#targets;
    const fault = world.pick(this.#faults);
    if (fault === undefined) return;
    const mend = fault(this.#targets);
    this.#mend.add(mend);
    world.after(world.chance(0.2) ? world.between(15_000, 45_000) : world.between(500, 15_000), () => this.#undo(mend));
  }

  /** Mends everything. */
  rest(): void {
    for (const mend of this.#mend) this.#undo(mend);
  }

  #undo(mend: () => void): void {
    if (this.#mend.delete(mend)) mend();
  }
}

const nothing = (): void => undefined;

function crashNode({ world, nodes, network }: Targets): () => void {
  const node = world.pick(nodes.filter(({ isUp }) => isUp));
  if (node === undefined) return nothing;
  const wires = network.wires(node);
  node.crash();
  for (const wire of wires) wire.cut();
  return () => node.isUp || node.start();
}

function crashAll(targets: Targets): () => void {
  const mends = targets.nodes.map(() => crashNode(targets));
  return () => mends.forEach((mend) => mend());
}

function stopNode({ world, nodes }: Targets): () => void {
  const node = world.pick(nodes.filter(({ isUp }) => isUp));
  if (node === undefined) return nothing;
  void node.stop();
  return () => node.isUp || node.start();
}

function cutSome({ world, network }: Targets): () => void {
  for (const wire of network.wires()) if (world.chance(0.4)) wire.cut();
  return nothing;
}

/** Connections that live just long enough to ask, and not to hear. */
function flap({ world, network }: Targets): () => void {
  let isOver = false;
  const again = (): void => {
    if (isOver) return;
    for (const wire of network.wires()) if (world.chance(0.5)) wire.cut();
    world.after(world.between(100, 700), again);
  };
  again();
  return () => {
    isOver = true;
  };
}

function breakOnWrites({ network: { weather } }: Targets): () => void {
  weather.breaksOnWrites = true;
  return () => {
    weather.breaksOnWrites = false;
  };
}

function silenceSome({ world, network }: Targets): () => void {
  for (const wire of network.wires()) {
    if (!world.chance(0.4)) continue;
    if (world.chance(0.7)) wire.silence("tab");
    if (world.chance(0.7)) wire.silence("node");
  }
  return nothing;
}

function freezeTab({ world, tabs }: Targets): () => void {
  const tab = world.pick(tabs);
  tab?.timers.freeze();
  return () => tab?.timers.thaw();
}

function reloadTab({ world, tabs }: Targets): () => void {
  world.pick(tabs)?.reload();
  return nothing;
}

function slowNetwork({ network: { weather } }: Targets): () => void {
  Object.assign(weather, { minDelayMs: 100, maxDelayMs: 2_500 });
  return () => void Object.assign(weather, { minDelayMs: 5, maxDelayMs: 80 });
}

function badBus({ bus, world }: Targets): () => void {
  bus.faults = { loss: world.pick([0.2, 1]) ?? 0.2, doubling: 0.2, maxDelayMs: 400 };
  return () => {
    bus.faults = { loss: 0, doubling: 0, maxDelayMs: 20 };
  };
}

function fullStore({ storeFaults }: Targets): () => void {
  storeFaults.isFull = true;
  return () => {
    storeFaults.isFull = false;
  };
}

function downStore({ storeFaults }: Targets): () => void {
  storeFaults.isDown = true;
  return () => {
    storeFaults.isDown = false;
  };
}

function failingStore({ storeFaults }: Targets): () => void {
  storeFaults.failure = 0.3;
  return () => {
    storeFaults.failure = 0;
  };
}
