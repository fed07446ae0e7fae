import type { Namespace } from "socket.io";
import { Adapter } from "socket.io-adapter";
import type { Timers } from "./timers.js";
import type { World } from "./world.js";

/** A name and its arguments. */
type Words = [name: string, ...unknown[]];

interface Member {
  timers: Timers;
  namespace: Namespace;
}

/** What carries words from node to node. It loses, doubles, delays and reorders as much as it is told to. */
export class Bus {
  readonly #world: World;
  #members: Member[] = [];
  faults = { loss: 0, doubling: 0, maxDelayMs: 20 };

  constructor(world: World) {
    this.#world = world;
  }

  /** The adapter of one node, for Socket.IO's option, which calls it with `new`. */
  adapter(timers: Timers): (namespace: Namespace) => Adapter {
    const join = (namespace: Namespace) => {
      this.#members.push({ timers, namespace });
      return new BusAdapter(namespace, (words) => this.#tell(namespace, words), () => this.forget(timers));
    };
    return function busAdapter(namespace) {
      return join(namespace);
    };
  }

  /** A node that died hears nothing any more. */
  forget(timers: Timers): void {
    this.#members = this.#members.filter((member) => member.timers !== timers);
  }

  #tell(from: Namespace, words: Words): void {
    const copy = structuredClone(words);
    for (const { timers, namespace } of this.#members) {
      if (namespace === from || namespace.name !== from.name) continue;
      for (let copies = this.#copies(); copies > 0; copies--) {
        this.#world.after(this.#world.between(0, this.faults.maxDelayMs), () => timers.do(() => namespace._onServerSideEmit(copy)));
      }
    }
  }

  #copies(): number {
    if (this.#world.chance(this.faults.loss)) return 0;
    return this.#world.chance(this.faults.doubling) ? 2 : 1;
  }
}

class BusAdapter extends Adapter {
  readonly #tell: (words: Words) => void;
  readonly #leave: () => void;

  constructor(namespace: Namespace, tell: (words: Words) => void, leave: () => void) {
    super(namespace);
    this.#tell = tell;
    this.#leave = leave;
  }

  override serverSideEmit(words: unknown[]): void {
    const [name, ...rest] = words;
    this.#tell([String(name), ...rest]);
  }

  override close(): void {
    this.#leave();
  }
}
