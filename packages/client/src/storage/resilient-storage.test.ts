import { expect, it } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import { memoryStorage, type ClientStorage } from "./client-storage.js";
import { resilientStorage } from "./resilient-storage.js";

const clock = new ManualClock();

function over(storage: ClientStorage): { storage: ClientStorage; warnings: string[] } {
  const warnings: string[] = [];
  const log = (_fields: object, message: string) => void warnings.push(message);
  return { storage: resilientStorage(storage, clock, { warn: log, error: log }), warnings };
}

const fails = async () => {
  throw new Error("the disk is full");
};

it("is the storage it was given while that works", async () => {
  const inner = memoryStorage();
  const { storage, warnings } = over(inner);
  await storage.set("a 1", 1);
  expect([await inner.get("a 1"), await storage.get("a 1"), await storage.list("a "), warnings]).toEqual([1, 1, [1], []]);
});

it("goes on in memory from the first failure, which it reports once", async () => {
  const { storage, warnings } = over({ ...memoryStorage(), set: fails, delete: fails });
  await storage.set("a 1", 1);
  await storage.set("a 2", 2);
  await storage.delete("a 1");
  expect([await storage.list("a "), warnings]).toEqual([[2], [expect.stringContaining("over a reload")]]);
});

it("goes on in memory when there is no answer", async () => {
  const { storage, warnings } = over({ ...memoryStorage(), get: () => new Promise(() => {}) });
  const got = storage.get("a");
  await clock.pass(3_000);
  expect([await got, warnings.length]).toEqual([undefined, 1]);
});
