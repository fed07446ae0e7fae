// Given to Node with --import: runs the packages from their TypeScript sources, changed as the process was told.
// Node itself takes the types off. Worker threads inherit it.
import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { mutate, ownMutations, root } from "./mutation.ts";

const packages = pathToFileURL(join(root, "packages/")).href;
const mutations = ownMutations();

registerHooks({
  resolve(specifier, context, nextResolve) {
    const [, name, entry = "index"] = /^@chat-widget\/(protocol|client|server)(?:\/(\w+))?$/.exec(specifier) ?? [];
    if (name !== undefined) return nextResolve(new URL(`${name}/src/${entry}.ts`, packages).href, context);
    const isOurs = (context.parentURL ?? specifier).startsWith(packages) && /^(?:\.|file:)/.test(specifier) && specifier.endsWith(".js");
    if (isOurs) {
      const url = new URL(specifier.replace(/\.js$/, ".ts"), context.parentURL);
      if (existsSync(fileURLToPath(url))) return nextResolve(url.href, context);
    }
    return nextResolve(specifier, context);
  },
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const own = mutations.filter(({ file }) => url === pathToFileURL(join(root, file)).href);
    if (own.length === 0) return loaded;
    return { ...loaded, source: own.reduce(mutate, Buffer.from(loaded.source as Uint8Array).toString("utf8")) };
  },
});
