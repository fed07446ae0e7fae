import { readFile } from "node:fs/promises";
import type { Options } from "tsup";
import ts from "typescript";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** Takes the white space out of the templates of Lit, and out of the style sheets what a browser does not need. */
export const minifyTemplates: Plugin = {
  name: "minify-templates",
  setup({ onLoad, esbuild }) {
    onLoad({ filter: /widget\/src\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const css = /`([^`$]+)`/u.exec(source)?.[1];
      if (!path.endsWith(".styles.ts") || css === undefined) return { contents: withoutHtmlSpace(source, path), loader: "ts" };
      const { code } = await esbuild.transform(css, { loader: "css", minify: true });
      return { contents: source.replace(css, () => code.trim().replaceAll("\\", "\\\\")), loader: "ts" };
    });
  },
};

function withoutHtmlSpace(source: string, path: string): string {
  const pieces: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === "html") {
      if (ts.isNoSubstitutionTemplateLiteral(node.template)) pieces.push(node.template);
      else pieces.push(node.template.head, ...node.template.templateSpans.map(({ literal }) => literal));
    }
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true));
  let result = source;
  // From the end, so that the places of the others stay true.
  for (const piece of pieces.toSorted((one, other) => other.getStart() - one.getStart())) {
    const text = piece.getText().replaceAll(/(?<=[>`}])\s*\n\s*(?=[<$`])/gu, "").replaceAll(/\s*\n\s*/gu, " ");
    result = result.slice(0, piece.getStart()) + text + result.slice(piece.getEnd());
  }
  return result;
}
