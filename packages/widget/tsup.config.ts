import { defineConfig, type Options } from "tsup";

/** Bundles everything a page needs into one file per entry; nothing is fetched from elsewhere. */
const cdn = { format: "esm", platform: "browser", target: "es2022", outDir: "cdn", minify: true, sourcemap: true, noExternal: [/.*/] } satisfies Options;

export default defineConfig([
  { entry: ["src/index.ts", "src/define.ts"], format: "esm", platform: "browser", target: "es2022", dts: true, clean: true, sourcemap: true },
  { ...cdn, entry: { widget: "src/define.ts" } },
  { ...cdn, entry: { loader: "src/loader.ts" } },
]);
