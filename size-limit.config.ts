// What a page loads before anybody opens the chat: each entry with the chunks it imports statically, not those it may fetch later.
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = dirname(fileURLToPath(import.meta.url));

/** A module and everything it imports before it runs. */
function withStaticImports(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const { statements } = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  for (const statement of statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    if (statement.moduleSpecifier === undefined || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const specifier = statement.moduleSpecifier.text;
    if (!specifier.startsWith(".")) throw new Error(`unable to measure ${file}; it imports ${specifier}, which a page cannot resolve`);
    withStaticImports(join(dirname(file), specifier), seen);
  }
  return seen;
}

const files = (entry: string) => [...withStaticImports(join(root, entry))].map((file) => relative(root, file));

const cdn = "packages/widget/cdn";
const everything = readdirSync(join(root, cdn)).filter((file) => file.endsWith(".js") && file !== "loader.js").map((file) => join(cdn, file));

export default [
  { name: "widget", path: files(`${cdn}/widget.js`), limit: "45 kB", gzip: true },
  { name: "loader", path: files(`${cdn}/loader.js`), limit: "3 kB", gzip: true },
  // The connection and every language, menu and form too, so that nothing grows unseen by being fetched later.
  { name: "widget and all it may fetch", path: everything, limit: "70 kB", gzip: true },
];
