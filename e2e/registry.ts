import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve, sep } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./example.js";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "..");
const require = createRequire(import.meta.url);

/** What a copy of the repository leaves behind: what is installed, and what runs leave. */
const leftBehind = new Set(["node_modules", ".git", ".cache", "test-results", "playwright-report", "coverage"]);

interface Manifest {
  name: string;
  version: string;
  packageManager: string;
  dependencies?: Record<string, string>;
}

const readManifest = async (folder: string): Promise<Manifest> => JSON.parse(await readFile(join(folder, "package.json"), "utf8"));

/**
 * The environment of a shell outside this workspace. The variables of an outer npm or pnpm would win over the app's own
 * `.npmrc`, and NODE_PATH would let it find packages it has not installed.
 */
export const environment: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:npm_|pnpm_|node_path$)/i.test(name))),
  PATH: (process.env["PATH"] ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules")).join(delimiter),
};

/** A registry of npm packages on this machine that holds ours as the next release would publish them, and passes on everybody else's. */
export class Registry {
  readonly url: string;
  readonly #folder: string;
  readonly #process: ChildProcess;
  #output = "";

  private constructor(url: string, folder: string, process: ChildProcess) {
    this.url = url;
    this.#folder = folder;
    this.#process = process;
    for (const stream of [process.stdout, process.stderr]) stream?.on("data", (chunk) => (this.#output += String(chunk)));
  }

  static async start(): Promise<Registry> {
    const folder = await mkdtemp(join(tmpdir(), "chat-registry-"));
    const port = await freePort();
    const config = join(folder, "config.json"); // YAML reads JSON
    const { stdout: upstream } = await run("npm", ["config", "get", "registry"], { cwd: folder, env: environment });
    await writeFile(
      config,
      JSON.stringify({
        storage: join(folder, "storage"),
        uplinks: { upstream: { url: upstream.trim(), timeout: "60s", max_fails: 100, cache: true } },
        // Ours never come from upstream, so a test cannot pass on what was published before.
        packages: {
          "@chat-widget/*": { access: "$all", publish: "$all", unpublish: "$all" },
          "**": { access: "$all", proxy: "upstream" },
        },
        max_body_size: "50mb",
        web: { enable: false },
        log: { type: "stdout", format: "pretty", level: "warn" },
      }),
    );
    const script = join(dirname(require.resolve("verdaccio/package.json")), "bin/verdaccio");
    const child = spawn(process.execPath, [script, "--config", config, "--listen", `127.0.0.1:${port}`], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const registry = new Registry(`http://127.0.0.1:${port}/`, folder, child);
    try {
      await registry.#answers();
      return registry;
    } catch (error) {
      await registry.stop();
      throw error;
    }
  }

  /** Releases a copy of the repository to this registry, the way a maintainer does. Gives the version. */
  async publishRepository(): Promise<string> {
    const copy = join(this.#folder, "repository");
    await cp(root, copy, { recursive: true, filter: (source) => !source.slice(root.length).split(sep).some((part) => leftBehind.has(part)) });
    await symlink(join(root, "node_modules"), join(copy, "node_modules"));
    const packages = await linkPackages(copy);
    await writeFile(join(copy, ".npmrc"), await this.npmrc());
    await writeFile(join(copy, ".changeset/next.md"), `---\n"@chat-widget/server": patch\n---\n\nA release that stays on this machine.\n`);
    // Changesets asks git for the commits that brought the changesets.
    const git = (...args: string[]) => run("git", ["-c", "user.name=release", "-c", "user.email=release@localhost", "-c", "commit.gpgsign=false", ...args], { cwd: copy });
    await git("init", "--quiet", "--initial-branch=main");
    await git("add", "--all");
    await git("commit", "--quiet", "--no-verify", "--message=release");

    await this.#changeset(copy, "version");
    await this.#changeset(copy, "publish", "--no-git-tag");
    const versions = new Set(await Promise.all(packages.map(async (folder) => (await readManifest(folder)).version)));
    const [version] = versions;
    if (version === undefined || versions.size > 1) throw new Error(`unable to publish; the packages have the versions ${[...versions].join(", ")}`);
    for (const folder of packages) await this.#holds((await readManifest(folder)).name, version);
    return version;
  }

  /** A folder's `.npmrc` that installs from here; the token opens nothing, npm only wants one. */
  async npmrc(): Promise<string> {
    return [`registry=${this.url}`, `${this.url.replace("http:", "")}:_authToken=none`, `cache=${join(this.#folder, "npm-cache")}`, "audit=false", "fund=false", "update-notifier=false", ""].join("\n");
  }

  /** Ends the process and removes what it kept. */
  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exited = once(this.#process, "exit");
      this.#process.kill("SIGKILL");
      await exited;
    }
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #changeset(copy: string, ...args: string[]): Promise<void> {
    const script = join(dirname(require.resolve("@changesets/cli/package.json")), "bin.js");
    const { packageManager } = await readManifest(copy);
    const command = [process.execPath, script, ...args].map((part) => JSON.stringify(part)).join(" ");
    // npx puts the pinned pnpm, which publishes, on the PATH. It is fetched before the copy's own `.npmrc` holds.
    const { stdout, stderr } = await run("npx", ["-y", "-p", packageManager, "-c", `cd ${JSON.stringify(copy)} && ${command}`], { cwd: root, env: { ...environment, CI: "1" }, maxBuffer: 1e8 }).catch((error) => {
      throw new Error(`unable to run changeset ${args.join(" ")}; ${error.stdout}\n${error.stderr}\n${this.#output}`);
    });
    if (/error/i.test(stdout + stderr)) throw new Error(`unable to run changeset ${args.join(" ")}; ${stdout}\n${stderr}`);
  }

  async #holds(name: string, version: string): Promise<void> {
    const response = await fetch(`${this.url}${name.replace("/", "%2f")}/${version}`);
    if (!response.ok) throw new Error(`unable to publish; the registry answers ${response.status} for ${name} ${version}`);
  }

  async #answers(): Promise<void> {
    for (let attempt = 0; attempt < 600; attempt++) {
      if (this.#process.exitCode !== null) throw new Error(`unable to start the registry; it ended with ${this.#process.exitCode}:\n${this.#output}`);
      if (await fetch(`${this.url}-/ping`).then((response) => response.ok, () => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`unable to start the registry; it does not answer:\n${this.#output}`);
  }
}

/** Links the packages to each other, as an install would; publishing reads their versions there. Gives their folders. */
async function linkPackages(copy: string): Promise<string[]> {
  const names = (await readdir(join(copy, "packages"))).filter((name) => existsSync(join(copy, "packages", name, "package.json")));
  const folders = names.map((name) => join(copy, "packages", name));
  for (const folder of folders) {
    const { dependencies = {} } = await readManifest(folder);
    const scope = join(folder, "node_modules/@chat-widget");
    await mkdir(scope, { recursive: true });
    for (const name of names) if (`@chat-widget/${name}` in dependencies) await symlink(join(copy, "packages", name), join(scope, name));
  }
  return folders;
}
