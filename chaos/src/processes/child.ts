import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { withMutations, type Mutation } from "../sources/mutation.ts";

/** What a program answers to, by name: functions of at most one value that can be sent between processes. */
export type Answers<Table> = { [Name in keyof Table]: (...input: never) => unknown };

interface Reply {
  id: number;
  value?: unknown;
  error?: string;
}

export interface ChildOptions {
  /** The program, from `chaos/src`. */
  program: string;
  /** Handed to it as its only argument. */
  setup: unknown;
  mutations?: readonly Mutation[];
  /** Run before the program, in the same process: a shell command that ends with `exec "$@"`. */
  wrapper?: readonly string[];
}

const startTimeoutMs = 20_000;
const answerTimeoutMs = 60_000;

/** A process of our own that answers questions. */
export class Child<Table extends Answers<Table>> {
  readonly #process: ChildProcess;
  readonly #asked = new Map<number, (reply: Reply) => void>();
  readonly #exited: Promise<unknown>;
  #nextId = 1;

  private constructor(child: ChildProcess) {
    this.#process = child;
    this.#exited = once(child, "exit");
    child.on("message", (reply: Reply) => this.#asked.get(reply.id)?.(reply));
    child.on("exit", (code, signal) => {
      for (const answer of this.#asked.values()) answer({ id: 0, error: `the process ended (${signal ?? code})` });
    });
  }

  /** Resolves once the program is ready to answer. */
  static async start<Table extends Answers<Table>>({ program, setup, mutations = [], wrapper = [] }: ChildOptions): Promise<Child<Table>> {
    const source = join(import.meta.dirname, "..");
    const [execPath = process.execPath, ...before] = [...wrapper, process.execPath];
    const started = fork(join(source, program), [JSON.stringify(setup)], {
      execPath,
      execArgv: [...before, "--import", join(source, "sources/run-from-sources.ts"), "--disable-warning=ExperimentalWarning"],
      env: { ...process.env, NODE_ENV: "production", ...withMutations(mutations) },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const child = new Child<Table>(started);
    children.add(child);
    void child.#exited.then(() => children.delete(child));
    await child.#receive(0, startTimeoutMs, `start ${program}`);
    return child;
  }

  ask<Name extends keyof Table & string>(name: Name, ...[input]: Parameters<Table[Name]>): Promise<Awaited<ReturnType<Table[Name]>>> {
    const id = this.#nextId++;
    const received = this.#receive(id, answerTimeoutMs, `ask ${name}`);
    this.#process.send({ id, name, input });
    // The table pairs each name with what it gives; a message between processes has lost that.
    return received as ReturnType<typeof this.ask<Name>>;
  }

  /** Sends a signal; after SIGKILL resolves when the process is gone. */
  async signal(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void> {
    this.#process.kill(signal);
    if (signal === "SIGKILL") await this.#exited;
  }

  #receive(id: number, timeoutMs: number, what: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`unable to ${what}; no answer came`)), timeoutMs);
      this.#asked.set(id, ({ value, error }) => {
        clearTimeout(timer);
        this.#asked.delete(id);
        if (error === undefined) resolve(value);
        else reject(new Error(`unable to ${what}; ${error}`));
      });
    });
  }
}

const children = new Set<{ signal(signal: "SIGKILL"): Promise<void> }>();

/** Ends every process that was started here and still runs. */
export async function killChildren(): Promise<void> {
  await Promise.all([...children].map((child) => child.signal("SIGKILL")));
}
