// Gives the path of a program that tests run for real, such as a Redis or an nginx. On a Debian where this runs as root it
// is installed when it is missing; elsewhere the error says what to install.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Programs and the Debian packages that bring them. */
const packages = { "redis-server": "redis-server", nginx: "nginx-light", Xvfb: "xvfb", WebKitWebDriver: "webkit2gtk-driver" };

/** Where Debian keeps servers is not on everybody's PATH. */
const folders = () => [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];

/** @throws {Error} when it is missing and cannot be installed */
export function ensureProgram(name) {
  const found = find(name);
  if (found !== undefined) return found;
  const debianPackage = packages[name] ?? name;
  const canInstall = process.getuid?.() === 0 && find("apt-get") !== undefined;
  if (canInstall) install(debianPackage);
  const installed = find(name);
  if (installed !== undefined) return installed;
  throw new Error(`unable to find ${name}; install it so that it is on the PATH (Debian: apt-get install ${debianPackage}; macOS: brew install ${name.replace("-server", "")})`);
}

function find(name) {
  return folders()
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Tests of several files may ask at the same time, so one waits for the other. RUNLEVEL keeps Debian from starting what it installs. */
function install(debianPackage) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const options = ["-q", "-o", "DPkg::Lock::Timeout=120"];
  const attempt = () =>
    spawnSync("apt-get", [...options, "update"], { env }).status === 0 &&
    spawnSync("apt-get", [...options, "install", "-y", "--no-install-recommends", debianPackage], { env }).status === 0;
  if (!attempt()) attempt();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of process.argv.slice(2)) console.log(ensureProgram(name));
}
