// The one entry point of a bare machine: Node and npm are enough.
// It starts the pnpm that package.json pins, installs from the lockfile, and runs a workspace script.
// Inside those scripts node_modules/.bin/node (Node 24, an optional dependency) comes before the machine's own Node.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const { packageManager } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8"));
const [task, ...rest] = process.argv.slice(2);
const isWindows = process.platform === "win32";

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", shell: isWindows, ...options });
  if (result.error) {
    console.error(`unable to start ${command}; ${result.error.message}`);
    process.exit(1);
  }
  return result;
}

function pnpm(...args) {
  const { status } = run(isWindows ? "npx.cmd" : "npx", ["-y", packageManager, ...args], {
    env: { ...process.env, CI: process.env.CI ?? "1" },
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** The Node that workspace scripts will see: the one of the lockfile where there is one for this platform, else the machine's. */
function workspaceNode() {
  const path = [resolve(root, "node_modules/.bin"), process.env.PATH].join(isWindows ? ";" : ":");
  const probe = run("node", ["--version"], { stdio: "pipe", encoding: "utf8", env: { ...process.env, PATH: path } });
  return probe.stdout.trim();
}

pnpm("install", "--frozen-lockfile", "--prefer-offline");

const [major, minor] = workspaceNode().slice(1).split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `unable to run ${task}; developing needs Node 22.18 or newer and found ${major}.${minor}. ` +
      "On Linux (x64, arm64) the install brings its own; elsewhere install a newer Node. The published packages run on Node 20.19.",
  );
  process.exit(1);
}
if (task) pnpm("run", task, ...rest);
