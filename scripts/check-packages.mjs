// What npm would receive: packs every package and looks at the tarballs the way others will.
// Needs what `pnpm run build` made.
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";

const root = resolve(import.meta.dirname, "..");
const run = promisify(execFile);
const env = { ...process.env, PATH: [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter) };
const temporary = mkdtempSync(join(tmpdir(), "chat-packages-"));
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const problems = [];

/** What a tarball may hold. */
const expectedFiles = /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|(?:dist|cdn|schema)\/.+)$/;
const unexpectedFiles = /\.(?:test|spec)\.|\.tsbuildinfo$|(?:^|\/)(?:test|tests|fixtures|node_modules)\//;

/** The floors below which the transport has known holes (advisories of 2026). */
const floors = { "socket.io": "4.8.4", "engine.io": "6.6.11", "socket.io-parser": "4.2.7", ws: "8.21.1" };

/** Resolution as Node and bundlers do it; TypeScript's oldest way, which knows no `exports`, is left out. The widget is for browsers and bundlers, which read ESM only; its `cdn` files are scripts for pages, without types. */
const attwArguments = {
  widget: ["--profile", "esm-only", "--exclude-entrypoints", "./cdn/widget.js", "./cdn/loader.js", "./cdn/client.js"],
  protocol: ["--profile", "node16", "--exclude-entrypoints", "./schema.json", "./asyncapi.json"],
};

/** Runs a tool; its output is a problem when it fails. */
async function check(what, command, ...args) {
  try {
    return (await run(command, args, { cwd: root, env, maxBuffer: 1e8 })).stdout;
  } catch (error) {
    problems.push(`${what}: ${[error.stdout, error.stderr].filter(Boolean).join("\n").trim() || error.message}`);
    return undefined;
  }
}

function checkManifest(name, manifest) {
  const { version, license, repository, description, engines, publishConfig, dependencies = {}, scripts = {} } = manifest;
  if (!license || !repository?.url || !description || !engines?.node) problems.push(`${name}: license, repository, description or engines is missing`);
  if (publishConfig?.access !== "public") problems.push(`${name}: publishConfig.access is not public`);
  for (const hook of ["preinstall", "install", "postinstall", "prepare"]) if (scripts[hook]) problems.push(`${name}: has an install script, ${hook}`);
  for (const [dependency, range] of Object.entries(dependencies)) {
    if (!/^[~^]?\d/.test(range)) problems.push(`${name}: depends on ${dependency} "${range}", which npm cannot resolve`);
    if (dependency.startsWith("@chat-widget/") && range !== `^${version}`) problems.push(`${name}: depends on ${dependency} ${range} instead of ^${version}`);
  }
}

/** Nothing of the machine that packed it: no absolute path in a source map, no home or working directory anywhere. */
function checkContents(name, folder, files) {
  const places = [root, homedir(), temporary].filter((place) => place.split("/").length > 2 || place === root);
  for (const file of files) {
    const text = readFileSync(join(folder, file), "utf8");
    const place = places.find((known) => text.includes(`${known}/`));
    if (place !== undefined) problems.push(`${name}: ${file} holds a path of this machine`);
    if (file.endsWith(".map") && JSON.parse(text).sources.some((source) => /^(?:\/|[a-z]:|file:)/i.test(source))) problems.push(`${name}: ${file} holds absolute paths`);
  }
}

async function checkPackage(directory) {
  const name = `packages/${directory}`;
  const folder = join(temporary, directory);
  const packed = await check(`${name} pnpm pack`, "npx", "-y", packageManager, "--dir", join(root, name), "pack", "--json", "--pack-destination", folder);
  if (packed === undefined) return;
  const tarball = join(folder, readdirSync(folder).find((file) => file.endsWith(".tgz")) ?? "");
  await run("tar", ["-xzf", tarball, "-C", folder]);
  const contents = join(folder, "package");
  const files = readdirSync(contents, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(contents.length + 1));

  for (const file of files) if (!expectedFiles.test(file) || unexpectedFiles.test(file)) problems.push(`${name}: ${file} does not belong into the tarball`);
  for (const file of ["README.md", "LICENSE"]) if (!files.includes(file)) problems.push(`${name}: ${file} is missing`);
  checkManifest(name, JSON.parse(readFileSync(join(contents, "package.json"), "utf8")));
  checkContents(name, contents, files);
  await check(`${name} publint`, "publint", "run", tarball, "--strict");
  await check(`${name} attw`, "attw", tarball, "--no-definitely-typed", "--no-color", "--no-emoji", ...(attwArguments[directory] ?? ["--profile", "node16"]));
  console.log(`${name}: ${files.length} files`);
}

function checkFloors() {
  const lockfile = readFileSync(join(root, "pnpm-lock.yaml"), "utf8");
  for (const [name, floor] of Object.entries(floors)) {
    const versions = new Set([...lockfile.matchAll(new RegExp(`^ {2}'?${name.replaceAll(".", "\\.")}@(\\d[\\d.]*)'?:`, "gm"))].map(([, version]) => version));
    if (versions.size === 0) problems.push(`pnpm-lock.yaml: ${name} is not there`);
    for (const version of versions) {
      if (version.localeCompare(floor, "en", { numeric: true }) < 0) problems.push(`pnpm-lock.yaml: ${name} ${version} is older than ${floor}`);
    }
  }
}

try {
  for (const entry of readdirSync(join(root, "packages"))) if (existsSync(join(root, "packages", entry, "package.json"))) await checkPackage(entry);
  checkFloors();
  const sizes = await check("size-limit", "size-limit", "--config", "size-limit.config.ts");
  if (sizes !== undefined) console.log(sizes.trim());
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
for (const problem of problems) console.error(`\n${problem}`);
console.log(problems.length === 0 ? "packages are as they should be" : `\n${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
