import { defineConfig } from "tsup";

export default defineConfig([
  { entry: ["src/index.ts", "src/jwt.ts", "src/postgres.ts", "src/s3.ts", "src/sqlite.ts"], format: ["esm", "cjs"], dts: true, clean: ["!sqlite-worker.js*"], sourcemap: true, target: "node20", shims: true },
  // The thread of the SQLite store, which finds it beside itself.
  { entry: ["src/stores/sqlite/sqlite-worker.ts"], format: ["esm"], sourcemap: true, target: "node20" },
]);
