import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";

/** `examples/cluster` as it is: nginx, two servers, Redis and PostgreSQL. */
export class Cluster {
  readonly port: number;
  readonly #folder: string;
  readonly #process: ChildProcess;
  output = "";

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
    this.#process = spawn(process.execPath, ["examples/cluster/start.js"], { env: { ...process.env, PORT: String(port), DATA_FOLDER: folder }, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) stream?.on("data", (chunk) => (this.output += String(chunk)));
  }

  static async start(): Promise<Cluster> {
    const cluster = new Cluster(await freeBlock(5), await mkdtemp(join(tmpdir(), "chat-cluster-")));
    await expect.poll(() => (cluster.#process.exitCode === null ? cluster.output : `it ended\n${cluster.output}`), { timeout: 120_000, intervals: [250] }).toContain("on two servers behind nginx");
    return cluster;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** The servers' ports, and the processes that listen on them now. */
  servers(): Map<number, number> {
    return new Map([...this.output.matchAll(/node (\d+) listens on (\d+)/g)].map(([, pid, port]) => [Number(port), Number(pid)]));
  }

  /** The server that a browser of this name is sent to. */
  async serverOf(userAgent: string): Promise<string> {
    return (await fetch(this.url, { headers: { "user-agent": userAgent } })).headers.get("x-chat-server") ?? "";
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      const exited = once(this.#process, "exit");
      this.#process.kill("SIGTERM");
      await exited;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The first of some ports in a row that nobody listens on, below those that connections are given by chance. */
async function freeBlock(size: number): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const areFree = await Promise.all(Array.from({ length: size }, (_, n) => isFree(first + n)));
    if (areFree.every(Boolean)) return first;
  }
  throw new Error("unable to find free ports");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
