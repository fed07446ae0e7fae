import { fork } from "node:child_process";
import { once } from "node:events";
import { atEnd } from "./at-end.mjs";

/** A program in a process of its own that answers what it is asked; see answer.mjs. */
export class Child {
  #process;
  #asked = new Map();
  #count = 0;

  /** Resolves when the program is ready. */
  static async start(program, setup, execArgv = []) {
    const child = new Child(program, setup, execArgv);
    atEnd(() => child.kill());
    await child.ask("ready");
    return child;
  }

  constructor(program, setup, execArgv) {
    this.#process = fork(program, [JSON.stringify(setup)], { execArgv: ["--disable-warning=ExperimentalWarning", ...execArgv] });
    this.#process.on("message", ({ id, result, error }) => {
      const { resolve, reject } = this.#asked.get(id);
      this.#asked.delete(id);
      if (error === undefined) resolve(result);
      else reject(new Error(error));
    });
    this.#process.once("exit", (code, signal) => {
      for (const { reject } of this.#asked.values()) reject(new Error(`unable to go on; ${program.pathname ?? program} ended with ${signal ?? code}`));
    });
  }

  /** Calls a function of the program. Rejects with what it throws. */
  ask(name, input) {
    return new Promise((resolve, reject) => {
      const id = this.#count++;
      this.#asked.set(id, { resolve, reject });
      this.#process.send({ id, name, input });
    });
  }

  /** Lets it end by itself, so that a profiler writes what it saw. */
  end() {
    return this.#over(() => this.#process.disconnect());
  }

  kill() {
    return this.#over(() => this.#process.kill("SIGKILL"));
  }

  async #over(stop) {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    stop();
    await ended;
  }
}
