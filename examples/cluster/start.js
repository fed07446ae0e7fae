// @ts-check
// Everything on one machine: PostgreSQL, Redis, two servers, and nginx in front of them. Ctrl+C ends all of it; the history stays.
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureProgram } from "../../scripts/ensure-program.mjs";
import { startPostgres } from "../../scripts/postgres.mjs";

const port = Number(process.env.PORT ?? 8080);
const ports = { servers: [port + 1, port + 2], redis: port + 3, postgres: port + 4 };
const folder = process.env.DATA_FOLDER ?? fileURLToPath(new URL("data", import.meta.url));
// As root, nginx and PostgreSQL run as users of their own, who must get there.
mkdirSync(folder, { recursive: true });
chmodSync(folder, 0o755);

const children = new Set();
let isEnding = false;

/**
 * Runs a program until everything ends; one that ends by itself is started again, as a process manager would.
 *
 * @param {string} command
 * @param {string[]} parameters
 * @param {NodeJS.ProcessEnv} [env]
 */
function keepRunning(command, parameters, env) {
  const child = spawn(command, parameters, { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } });
  children.add(child);
  child.once("error", (error) => console.error(`unable to run ${command}; ${error.message}`));
  child.once("exit", () => {
    children.delete(child);
    if (!isEnding) setTimeout(() => isEnding || keepRunning(command, parameters, env), 1_000);
  });
}

/** @param {string} url */
async function answers(url, attempts = 150) {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (await fetch(url).then(({ ok }) => ok, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`unable to start the cluster; ${url} does not answer`);
}

function nginxConfiguration() {
  const servers = ports.servers.map((own) => `server 127.0.0.1:${own} max_fails=1 fail_timeout=2s;`).join(" ");
  const values = new Map([["FOLDER", folder], ["PORT", String(port)], ["SERVERS", servers]]);
  const file = join(folder, "nginx.conf");
  writeFileSync(file, readFileSync(new URL("nginx.conf", import.meta.url), "utf8").replaceAll(/\$\{(\w+)\}/g, (_, name) => values.get(name) ?? ""));
  return file;
}

const [redis, nginx] = [ensureProgram("redis-server"), ensureProgram("nginx")];
const postgres = await startPostgres({ folder: join(folder, "postgres"), port: ports.postgres });

async function end() {
  if (isEnding) return;
  isEnding = true;
  // What was started last is not needed by what was started before.
  for (const child of [...children].toReversed()) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }
  await postgres.stop();
  process.exit();
}
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, end);

keepRunning(redis, ["--port", String(ports.redis), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--logfile", join(folder, "redis.log")]);
for (const own of ports.servers) {
  keepRunning(process.execPath, [fileURLToPath(new URL("server.js", import.meta.url))], {
    PORT: String(own),
    DATABASE_URL: postgres.url,
    REDIS_URL: `redis://127.0.0.1:${ports.redis}`,
    PAGE_ORIGIN: `http://localhost:${port}`,
    CHAT_ORIGIN: `http://chat.localhost:${port}`,
  });
}
keepRunning(nginx, ["-c", nginxConfiguration(), "-e", "stderr"]);
await Promise.all(ports.servers.map((own) => answers(`http://127.0.0.1:${own}/chat/healthz`)));
await answers(`http://localhost:${port}/chat/healthz`);
console.log(`The chat runs at http://localhost:${port}, on two servers behind nginx.`);
console.log(`A page of that host name with the chat on another: http://localhost:${port}/elsewhere.html`);
