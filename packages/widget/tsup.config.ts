import { rmSync } from "node:fs";
import { defineConfig, type Options } from "tsup";
import { minifyTemplates } from "./minify-templates.js";

// Two builds write here at the same time, so that neither may do the cleaning.
rmSync("cdn", { recursive: true, force: true });

/** Bundles everything a page needs into one folder; nothing is fetched from elsewhere. */
const cdn = {
  format: "esm",
  platform: "browser",
  target: "es2022",
  outDir: "cdn",
  minify: true,
  sourcemap: true,
  noExternal: [/.*/],
  esbuildPlugins: [minifyTemplates],
} satisfies Options;

export default defineConfig([
  { entry: ["src/index.ts", "src/define.ts"], format: "esm", platform: "browser", target: "es2022", dts: true, clean: true, sourcemap: true },
  // What is needed at once is one file, beside it what is fetched when it is wanted.
  { ...cdn, entry: { widget: "src/define.ts" } },
  { ...cdn, entry: { loader: "src/loader.ts" } },
]);
