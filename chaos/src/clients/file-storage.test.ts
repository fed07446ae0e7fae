import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { fileStorage } from "./file-storage.ts";

it("has in another life what was kept in the one before, and not what was let go", async () => {
  const folder = mkdtempSync(join(tmpdir(), "file-storage-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const before = fileStorage(join(folder, "a.jsonl"));
  for (const key of ["outbox 2", "outbox 1", "identity"]) await before.set(key, { key });
  await before.set("outbox 2", { key: "changed" });
  await before.delete("outbox 1");
  await before.set("outbox 0", null);
  const after = fileStorage(join(folder, "a.jsonl"));
  expect(await after.list("outbox ")).toEqual([null, { key: "changed" }]);
  expect(after.kept("outbox ")).toEqual(await after.list("outbox "));
  expect([await after.get("identity"), await after.get("outbox 1")]).toEqual([{ key: "identity" }, undefined]);
});
