import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { createClient } from "redis";
import { onTestFinished, vi } from "vitest";
import { forAdapter } from "../../src/for-adapter.js";
import { ensureProgram } from "../../../../scripts/ensure-program.mjs";

/** A real Redis on a port of its own, which keeps nothing and can be killed and started again. It ends with the test. */
export class Redis {
  readonly url: string;
  readonly #port: number;
  #process: ChildProcess | undefined;

  private constructor(port: number) {
    this.#port = port;
    this.url = `redis://127.0.0.1:${port}`;
  }

  static async start(): Promise<Redis> {
    const redis = new Redis(await freePort());
    onTestFinished(() => redis.kill());
    await redis.start();
    return redis;
  }

  async start(): Promise<void> {
    const options = ["--port", `${this.#port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
    this.#process = spawn(ensureProgram("redis-server"), options, { stdio: "ignore" });
    await vi.waitFor(() => this.#ping(), { timeout: 10_000, interval: 20 });
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = once(running, "exit");
    running.kill("SIGKILL");
    await ended;
  }

  /** A connected client that outlives an absence of the server; it ends with the test. */
  async client() {
    const client = createClient({ url: this.url, socket: { reconnectStrategy: 50 } });
    client.on("error", () => undefined);
    await client.connect();
    onTestFinished(() => client.destroy());
    return forAdapter(client);
  }

  async #ping(): Promise<void> {
    const client = createClient({ url: this.url, socket: { reconnectStrategy: false } });
    client.on("error", () => undefined);
    await client.connect();
    client.destroy();
  }
}

/** A port that nobody listened on a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
