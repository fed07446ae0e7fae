import { defineConfig } from "tsup";

export default defineConfig({ entry: ["src/index.ts", "src/postgres.ts", "src/sqlite.ts"], format: ["esm", "cjs"], dts: true, clean: true, sourcemap: true, target: "node20", shims: true });
