import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, expect, test } from "@playwright/test";
import { Chat } from "./chat.js";
import { freePort } from "./example.js";
import { Registry, environment } from "./registry.js";

// A release is published to a registry of this machine, installed into a fresh app that is the readme's to the letter, and used.
test.describe.configure({ timeout: 10 * 60_000 });

const run = promisify(execFile);
const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");

/** A code block of the readme, found by the file name in its first line. */
function block(file: string): string {
  const found = [...readme.matchAll(/^```\w+\n([^]*?)^```$/gm)].map(([, code = ""]) => code).find((code) => code.split("\n", 1)[0]?.includes(` ${file}`));
  if (found === undefined) throw new Error(`unable to build the readme's app; the readme has no block that begins with ${file}`);
  return found;
}

/** The Node of the machine when it is the oldest we support, which has no SQLite of its own. */
function node20(): string | undefined {
  try {
    const [path = "", version = ""] = execFileSync("node", ["-p", "process.execPath + '\\n' + process.version"], { env: environment, encoding: "utf8" }).split("\n");
    return version.startsWith("v20.") ? path : undefined;
  } catch {
    return undefined;
  }
}

/** A folder outside the workspace with the readme's app in it. */
class App {
  readonly folder: string;
  readonly #script: string;
  #process: ChildProcess | undefined;
  #output = "";

  private constructor(folder: string, script: string) {
    this.folder = folder;
    this.#script = script;
  }

  static async create(registry: Registry, script: string): Promise<App> {
    const folder = await mkdtemp(join(tmpdir(), "chat-published-"));
    await mkdir(join(folder, "public"));
    await writeFile(join(folder, ".npmrc"), await registry.npmrc());
    await writeFile(join(folder, script), block(script));
    await writeFile(join(folder, "public/index.html"), block("public/index.html"));
    return new App(folder, script);
  }

  async npm(...args: string[]): Promise<void> {
    await run("npm", args, { cwd: this.folder, env: environment, maxBuffer: 1e8 });
  }

  /** Starts it and gives its address. */
  async start(node: string): Promise<string> {
    const port = await freePort();
    const child = spawn(node, [this.#script], { cwd: this.folder, env: { ...environment, PORT: String(port) }, stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    this.#output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (this.#output += String(chunk)));
    const url = `http://localhost:${port}/`;
    for (let attempt = 0; attempt < 600; attempt++) {
      if (child.exitCode !== null) throw new Error(`unable to start ${this.#script}; it ended with ${child.exitCode}:\n${this.#output}`);
      if (await fetch(url).then((response) => response.ok, () => false)) return url;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`unable to start ${this.#script}; it does not answer:\n${this.#output}`);
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  get output(): string {
    return this.#output;
  }
}

let registry: Registry;
let version: string;
const apps: App[] = [];

test.beforeAll(async () => {
  test.setTimeout(10 * 60_000);
  registry = await Registry.start();
  version = await registry.publishRepository();
});

test.afterAll(async () => {
  for (const app of apps) await app.remove();
  await registry?.stop();
});

async function installed(script: string): Promise<App> {
  const app = await App.create(registry, script);
  apps.push(app);
  await app.npm("init", "--yes");
  await app.npm("install", `@chat-widget/server@${version}`, "express");
  return app;
}

for (const script of ["server.mjs", "server.cjs"]) {
  test(`two visitors of the readme's ${script} chat, on what is published`, async ({ browser }) => {
    const app = await installed(script);
    await chatOn(browser, await app.start(process.execPath), app);
    await app.stop();
    // A restart keeps what was said.
    const url = await app.start(process.execPath);
    const chat = await openChat(browser, url);
    await chat.shows(["Hello, is anyone there?", "Yes, how can I help?"]);
    await app.stop();
    expect(app.output, "the app prints nothing").toBe("");
  });
}

test("the same app runs on Node 20, with libsql beside it", async ({ browser }) => {
  const node = node20();
  test.skip(node === undefined, "the Node of this machine is not version 20");
  if (node === undefined) return;
  const app = await installed("server.mjs");
  // Whether it refuses to start or starts without a store: it says what to do.
  await Promise.allSettled([app.start(node)]);
  await expect.poll(() => app.output, { timeout: 30_000 }).toMatch(/install the package libsql/);
  await app.stop();
  await app.npm("install", "libsql");
  await chatOn(browser, await app.start(node), app);
});

async function openChat(browser: Browser, url: string): Promise<Chat> {
  const chat = new Chat(await (await browser.newContext()).newPage());
  await chat.page.goto(url);
  await expect(chat.widget.getByRole("button").or(chat.composer).first()).toBeVisible({ timeout: 60_000 });
  if (!(await chat.composer.isVisible())) await chat.widget.getByRole("button").first().click();
  await expect(chat.composer).toBeEditable({ timeout: 60_000 });
  return chat;
}

/** Two visitors, each in a browser of their own, say something to each other. */
async function chatOn(browser: Browser, url: string, app: App): Promise<void> {
  const [ann, bob] = [await openChat(browser, url), await openChat(browser, url)];
  const errors: string[] = [];
  for (const { page } of [ann, bob]) page.on("pageerror", (error) => errors.push(error.message));
  await ann.send("Hello, is anyone there?");
  await bob.shows(["Hello, is anyone there?"]);
  await bob.send("Yes, how can I help?");
  for (const chat of [ann, bob]) await chat.shows(["Hello, is anyone there?", "Yes, how can I help?"]);
  expect(errors).toEqual([]);
  expect(app.output).toBe("");
  for (const { page } of [ann, bob]) await page.context().close();
}
