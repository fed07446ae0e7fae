import { join } from "node:path";
import { steadyNow } from "../history/history.ts";
import type { Cast } from "../processes/cast.ts";
import { Child } from "../processes/child.ts";
import type { Mutation } from "../sources/mutation.ts";
import type { WorkerTable } from "./serve-worker.ts";
import type { Person } from "./worker-setup.ts";

export interface ClientWorkerOptions {
  name: string;
  folder: string;
  seed: string;
  people: readonly Person[];
  mutations: readonly Mutation[];
  cast: Cast;
}

/** A process with many clients, which can be killed and started again with what they had stored. */
export class ClientWorker {
  readonly people: readonly Person[];
  /** When its clients were killed. */
  readonly deaths: number[] = [];
  readonly histories: string[] = [];
  readonly #options: ClientWorkerOptions;
  #child: Child<WorkerTable> | undefined;

  constructor(options: ClientWorkerOptions) {
    this.#options = options;
    this.people = options.people;
  }

  get names(): string[] {
    return this.people.map(({ name }) => name);
  }

  async start(): Promise<void> {
    const { name, folder, seed, people, mutations, cast } = this.#options;
    const life = `${name}.${this.histories.length}`;
    const history = join(folder, `history-${life}.jsonl`);
    this.histories.push(history);
    this.#child = await Child.start<WorkerTable>({ program: cast.worker, setup: { folder, history, life, seed, people, way: cast.way }, mutations });
  }

  async kill(): Promise<void> {
    await this.#child?.signal("SIGKILL");
    this.#child = undefined;
    this.deaths.push(steadyNow());
  }

  /** Its whole machine stands still, as a sleeping one does. */
  async freeze(): Promise<void> {
    await this.#child?.signal("SIGSTOP");
  }

  async wake(): Promise<void> {
    await this.#child?.signal("SIGCONT");
  }

  get ask(): Child<WorkerTable>["ask"] {
    const child = this.#child;
    if (child === undefined) throw new Error("unable to ask the clients; they are not running");
    return child.ask.bind(child);
  }
}
