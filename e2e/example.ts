import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A port nobody listens on right now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("unable to find a free port; the probe has none");
  return address.port;
}

/** A program of `examples/`, as a process of its own with a database of its own, that can be killed and started again. */
export class Example {
  readonly url: string;
  readonly #script: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #directory: string;
  #process: ChildProcess | undefined;
  output = "";

  private constructor(script: string, port: number, directory: string) {
    this.#script = script;
    this.#directory = directory;
    this.#env = { ...process.env, PORT: String(port), CHAT_DB: join(directory, "chat.db") };
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(script = "examples/express/server.js"): Promise<Example> {
    const example = new Example(script, await freePort(), await mkdtemp(join(tmpdir(), "chat-example-")));
    await example.start();
    return example;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [this.#script], { env: this.#env, stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (this.output += String(chunk)));
    for (let attempt = 0; attempt < 200; attempt++) {
      if (child.exitCode !== null) throw new Error(`unable to start ${this.#script}; it ended with ${child.exitCode}:\n${this.output}`);
      if (await fetch(this.url).then((response) => response.ok, () => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`unable to start ${this.#script}; it does not answer:\n${this.output}`);
  }

  /** Ends it without a chance to say goodbye. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async stop(): Promise<void> {
    await this.#end("SIGTERM");
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  }
}
