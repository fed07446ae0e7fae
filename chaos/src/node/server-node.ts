import { join } from "node:path";
import type { Cast } from "../processes/cast.ts";
import { Child } from "../processes/child.ts";
import type { Mutation } from "../sources/mutation.ts";
import type { NodeTable } from "./node.ts";
import type { AdapterSetup, StoreSetup } from "./node-setup.ts";

export interface ServerNodeOptions {
  store: StoreSetup;
  adapter: AdapterSetup;
  /** The folder of the store's disk. */
  diskFolder: string;
  mutations: readonly Mutation[];
  cast: Cast;
  /** Give the store a small disk of its own that can be filled; needs root and `unshare`. */
  smallDisk?: boolean;
}

const diskMegabytes = 24;

/** A server that can be killed and started again on the same port and store. */
export class ServerNode {
  readonly #options: ServerNodeOptions;
  #child: Child<NodeTable> | undefined;
  #port = 0;

  constructor(options: ServerNodeOptions) {
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    const { store, adapter, diskFolder, mutations, smallDisk, cast } = this.#options;
    this.#child = await Child.start<NodeTable>({
      program: cast.node,
      setup: { port: this.#port, store, adapter, ballast: join(diskFolder, "ballast"), way: cast.way },
      mutations,
      ...(smallDisk && { wrapper: ["unshare", "--mount", "sh", "-c", `mount -t tmpfs -o size=${diskMegabytes}m tmpfs "$0" && exec "$@"`, diskFolder] }),
    });
    this.#port = await this.#child.ask("port");
  }

  /** As `kill -9` does. */
  async kill(): Promise<void> {
    await this.#child?.signal("SIGKILL");
    this.#child = undefined;
  }

  /** It stands still, its connections stay. */
  async freeze(): Promise<void> {
    await this.#child?.signal("SIGSTOP");
  }

  async wake(): Promise<void> {
    await this.#child?.signal("SIGCONT");
  }

  get ask(): Child<NodeTable>["ask"] {
    const child = this.#child;
    if (child === undefined) throw new Error("unable to ask the node; it is not running");
    return child.ask.bind(child);
  }
}
