import { EngineConnection } from "./engine-connection.js";
import type { Node } from "./node.js";
import type { Timers } from "./timers.js";
import { type End, type Weather, Wire } from "./wire.js";
import type { World } from "./world.js";

/** Where a connection comes from. */
export interface Origin {
  timers: Timers;
}

interface Connection {
  wire: Wire;
  node: Node;
  origin: Origin;
}

/** Carries what tabs and nodes tell each other; a load balancer that takes any node that lives. */
export class Network {
  readonly weather: Weather = { minDelayMs: 5, maxDelayMs: 80, breaksOnWrites: false };
  readonly #world: World;
  readonly #nodes: readonly Node[];
  #connections: Connection[] = [];
  #count = 0;

  constructor(world: World, nodes: readonly Node[]) {
    this.#world = world;
    this.#nodes = nodes;
  }

  connect(origin: Origin, tab: End): Wire {
    const node = this.#world.pick(this.#nodes.filter(({ isUp }) => isUp));
    const timers = node?.timers;
    const connection = timers && new EngineConnection(`connection-${this.#count++}`, timers);
    const wire = new Wire(this.#world, this.weather, tab, connection ?? { hear: () => undefined, lose: () => undefined });
    if (node === undefined || connection === undefined) {
      wire.cut();
      return wire;
    }
    this.#connections = [...this.#connections.filter(({ wire }) => !wire.isCut), { wire, node, origin }];
    this.#world.after(this.#world.between(this.weather.minDelayMs, this.weather.maxDelayMs), () => {
      // A node that died in the meantime answers nothing.
      if (!wire.isCut && node.timers === timers) node.accept(connection, wire);
      else wire.cut();
    });
    return wire;
  }

  /** The wires that are not cut, of a node or of all. */
  wires(node?: Node): Wire[] {
    return this.#connections.filter((connection) => !connection.wire.isCut && (node === undefined || connection.node === node)).map(({ wire }) => wire);
  }

  wiresOf(origin: Origin): Wire[] {
    return this.#connections.filter((connection) => !connection.wire.isCut && connection.origin === origin).map(({ wire }) => wire);
  }
}
