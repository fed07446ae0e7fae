import { rmSync } from "node:fs";
import { defineConfig } from "rolldown";
import { minifyTemplates } from "./minify-templates.js";

// Several builds write here, so that none of them may do the cleaning.
rmSync("cdn", { recursive: true, force: true });

/** Bundles everything a page needs into one folder; nothing is fetched from elsewhere. */
const script = (name: string, source: string) =>
  defineConfig({
    input: { [name]: source },
    platform: "browser",
    // What is needed at once is one file, beside it what is fetched when it is wanted.
    preserveEntrySignatures: "allow-extension",
    transform: { target: "es2022" },
    plugins: [minifyTemplates],
    // The server lets browsers keep a file for good when its name ends in a hash like this.
    output: { dir: "cdn", format: "esm", minify: true, comments: { legal: true, annotation: false, jsdoc: false }, sourcemap: true, chunkFileNames: "[name]-[hash].js", hashCharacters: "hex" },
  });

export default [script("widget", "src/define.ts"), script("loader", "src/loader.ts"), script("client", "@chat-widget/client")];
