// What a page loads: each script with the chunks it imports statically, which for the widget is everything a chat needs.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

const cdn = "packages/widget/cdn";

interface Imports {
  /** What a module needs before it runs. */
  fixed: string[];
  /** What it may fetch later. */
  lazy: string[];
}

function importsOf(file: string): Imports {
  const imports: Imports = { fixed: [], lazy: [] };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      if (node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier)) imports.fixed.push(node.moduleSpecifier.text);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier !== undefined && ts.isStringLiteralLike(specifier)) imports.lazy.push(specifier.text);
    }
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(import.meta.dirname, file), "utf8"), ts.ScriptTarget.Latest));
  const foreign = [...imports.fixed, ...imports.lazy].find((specifier) => !specifier.startsWith("."));
  if (foreign !== undefined) throw new Error(`unable to measure ${file}; it imports ${foreign}, which a page cannot resolve`);
  return imports;
}

/** A script of the widget and what it imports, with or without what it imports lazily. */
function files(name: string, withLazy = false): string[] {
  const seen = new Set<string>();
  const add = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const { fixed, lazy } = importsOf(file);
    for (const specifier of withLazy ? [...fixed, ...lazy] : fixed) add(join(dirname(file), specifier));
  };
  add(join(cdn, name));
  return [...seen];
}

// The widget's goal is 45 kB. The contracts of features that are fetched later still come with the first load, since the
// protocol is one module; see docs/decisions/0017-first-load.md.
export default [
  { name: "widget", path: files("widget.js"), limit: "51 kB", gzip: true },
  { name: "loader", path: files("loader.js"), limit: "3 kB", gzip: true },
  { name: "client", path: files("client.js"), limit: "28.5 kB", gzip: true },
  // The fallback without WebSocket and every language, menu and form too, so that nothing grows unseen by being fetched later.
  { name: "widget and all it may fetch", path: files("widget.js", true), limit: "84 kB", gzip: true },
];
