import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createClient } from "redis";
import { ensureProgram } from "../../../scripts/ensure-program.mjs";

/** A Redis that keeps nothing. */
export class Redis {
  readonly #port: number;
  #process: ChildProcess | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  /** Resolves once it answers. */
  async start(): Promise<void> {
    this.#process = spawn(ensureProgram("redis-server"), ["--port", String(this.#port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], { stdio: "ignore" });
    const client = createClient({ url: this.url, socket: { reconnectStrategy: 20 } });
    client.on("error", () => undefined);
    await client.connect();
    client.destroy();
  }

  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = once(running, "exit");
    running.kill("SIGKILL");
    await ended;
  }
}
