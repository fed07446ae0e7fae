import { readFile } from "node:fs/promises";
import { transform } from "lightningcss";
import type { Plugin } from "rolldown";
import ts from "typescript";

/** Takes the white space out of the templates of Lit, and out of the style sheets what a browser does not need. */
export const minifyTemplates: Plugin = {
  name: "minify-templates",
  load: {
    filter: { id: /widget\/src\/.*\.ts$/ },
    async handler(path) {
      const source = await readFile(path, "utf8");
      return { code: path.endsWith(".styles.ts") ? minifyStyles(source) : withoutHtmlSpace(source, path), moduleType: "ts" };
    },
  },
};

function minifyStyles(source: string): string {
  return source.replace(/`([^`$]+)`/u, (_, css: string) => {
    const { code } = transform({ filename: "styles.css", code: Buffer.from(css), minify: true });
    return `\`${code.toString().replaceAll("\\", "\\\\")}\``;
  });
}

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
