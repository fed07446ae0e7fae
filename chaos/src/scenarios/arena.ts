import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FaultWindow } from "../checker/evidence.ts";
import { ClientWorker } from "../clients/client-worker.ts";
import type { TransportFaults } from "../clients/push-faults.ts";
import type { Person } from "../clients/worker-setup.ts";
import { steadyNow } from "../history/history.ts";
import { ServerNode } from "../node/server-node.ts";
import type { Cast } from "../processes/cast.ts";
import { Proxy } from "../proxy/proxy.ts";
import { randomOf, type Random } from "../random.ts";
import type { Mutation } from "../sources/mutation.ts";
import type { Ground, OpenGround } from "./ground.ts";
import type { Size } from "./size.ts";

/** The rooms there are: everybody is in the first, and each person in one of the others. */
export const roomNames = ["hall", "garden", "attic", "cellar"] as const;

const usual: Size = { workers: 2, people: 8, tabs: 1, rate: 200 };

export interface ArenaOptions {
  seed: string;
  size: Partial<Size> | undefined;
  mutations: readonly Mutation[];
  openGround: OpenGround;
  nodes: number;
  smallDisk: boolean;
  cast: Cast;
}

interface Parts {
  folder: string;
  ground: Ground;
  nodes: readonly ServerNode[];
  rough: Proxy;
  steady: Proxy;
}

/** Real processes on one machine, and the hands that do them harm. */
export class Arena {
  readonly random: Random;
  readonly folder: string;
  readonly nodes: readonly ServerNode[];
  readonly workers: readonly ClientWorker[];
  /** The network of most clients. */
  readonly rough: Proxy;
  /** The network of one in four, and of observers: only servers harm them. */
  readonly steady: Proxy;
  readonly windows: FaultWindow[] = [];
  /** When servers were killed. */
  readonly kills: number[] = [];
  readonly #options: ArenaOptions;
  readonly #ground: Ground;

  private constructor(options: ArenaOptions, { folder, ground, nodes, rough, steady }: Parts) {
    this.#options = options;
    this.#ground = ground;
    this.random = randomOf(options.seed, "harm");
    this.folder = folder;
    this.nodes = nodes;
    this.rough = rough;
    this.steady = steady;
    const { workers, people, tabs, rate } = { ...usual, ...options.size };
    const each = rate / (workers * people * tabs);
    this.workers = Array.from({ length: workers }, (_, w) => this.#worker(`w${w}`, Array.from({ length: people * tabs }, (_, n) => this.#person(w, Math.floor(n / tabs), n % tabs, each))));
  }

  static async open(options: ArenaOptions): Promise<Arena> {
    const { seed, openGround, cast, mutations, smallDisk } = options;
    const folder = mkdtempSync(join(tmpdir(), "chaos-"));
    const ground = await openGround(folder);
    const nodes = Array.from({ length: options.nodes }, () => new ServerNode({ ...ground, mutations, smallDisk, cast }));
    await Promise.all(nodes.map((node) => node.start()));
    // Whoever connects anew comes to the next server, as behind any balancer.
    let turn = 0;
    const target = () => nodes[turn++ % nodes.length]?.port ?? 0;
    const [rough, steady] = [await Proxy.open(target, randomOf(seed, "rough")), await Proxy.open(target, randomOf(seed, "steady"))];
    const arena = new Arena(options, { folder, ground, nodes, rough, steady });
    await Promise.all(arena.workers.map((worker) => worker.start()));
    return arena;
  }

  get ground(): Ground {
    return this.#ground;
  }

  /** The names of all clients. */
  get everybody(): string[] {
    return this.workers.flatMap(({ names }) => names);
  }

  /** A worker with readers who come when everything is over. */
  async openObservers(): Promise<ClientWorker> {
    const people = [0, 1].map((n): Person => ({ name: `observer${n}`, userId: `observer${n}`, origin: this.steady.origin, rooms: roomNames, rate: 0 }));
    const worker = this.#worker("observers", people);
    await worker.start();
    return worker;
  }

  /** The names of those whose network is harmed. */
  get roughNames(): string[] {
    return this.workers.flatMap(({ people }) => people.filter(({ origin }) => origin === this.rough.origin).map(({ name }) => name));
  }

  pass(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** The first server, which is all there is where nobody says otherwise. */
  get node(): ServerNode {
    const [node] = this.nodes;
    if (node === undefined) throw new Error("unable to find a server; there is none");
    return node;
  }

  async killNode(node = this.node): Promise<void> {
    this.kills.push(steadyNow());
    await node.kill();
  }

  /** Runs harm to the own network of some clients, who are promised nothing until it is over and some time more. */
  async harming(clients: readonly string[], graceMs: number, run: () => Promise<void>): Promise<void> {
    const from = steadyNow();
    await run();
    this.windows.push({ clients, from, to: steadyNow() + graceMs });
  }

  async setFaults(faults: Partial<TransportFaults>): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.ask("faults", { names: worker.names, faults })));
  }

  async close(): Promise<void> {
    await Promise.all([this.rough.close(), this.steady.close()]);
    await Promise.all([...this.workers, ...this.nodes].map((running) => running.kill()));
    await this.#ground.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #worker(name: string, people: readonly Person[]): ClientWorker {
    const { seed, mutations, cast } = this.#options;
    return new ClientWorker({ name, folder: this.folder, seed, people, mutations, cast });
  }

  #person(worker: number, person: number, tab: number, rate: number): Person {
    const userId = `w${worker}p${person}`;
    const { origin } = person % 4 === 3 ? this.steady : this.rough;
    return { name: `${userId}t${tab}`, userId, origin, rooms: ["hall", roomNames[1 + ((worker + person) % 3)] ?? "garden"], rate };
  }
}
