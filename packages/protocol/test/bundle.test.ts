import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";

interface Bundle {
  metafile: { outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }> };
  outputFiles: { contents: Uint8Array }[];
}

// The esbuild that tsup builds with, so that what is measured is what is shipped.
const { build }: { build(options: object): Promise<Bundle> } = createRequire(createRequire(import.meta.url).resolve("tsup"))("esbuild");

it("brings only the small zod into a browser", async () => {
  const { metafile, outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../src/index.ts", import.meta.url))],
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    metafile: true,
    write: false,
  });
  const [output] = Object.values(metafile.outputs);
  const files = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
  expect(files.filter((file) => /zod\/v4\/mini\//.test(file)).length).toBeGreaterThan(0);
  expect(files.filter((file) => /zod\/v4\/classic|\/locales\/|json-schema|zod\/v3/.test(file))).toEqual([]);
  // Measured 15.9 kB, all features together; `import { z } from "zod"` would make it 95.
  expect(gzipSync(outputFiles[0]?.contents ?? "").length).toBeLessThan(16_500);
});
