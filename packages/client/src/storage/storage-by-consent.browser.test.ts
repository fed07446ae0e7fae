import { beforeEach, expect, it } from "vitest";
import { indexedDbStorage } from "./indexed-db.js";
import { storageByConsent } from "./storage-by-consent.js";

let name: string;
beforeEach(() => {
  name = `chat-widget ${Math.random()}`;
});

const onDevice = async (key: string) => indexedDbStorage(name).get(key);
const isOpened = async () => (await indexedDB.databases()).some((database) => database.name === name);

it("touches nothing on the device before it is allowed", async () => {
  const storage = storageByConsent({ storage: indexedDbStorage(name) });
  await storage.set("outbox 1", "a");
  expect([await storage.get("outbox 1"), await storage.list("outbox "), await isOpened()]).toEqual(["a", ["a"], false]);
});

it("keeps what the page knows once it is allowed, and what is set at the same time", async () => {
  const storage = storageByConsent({ storage: indexedDbStorage(name) });
  await storage.set("a", "old");
  await storage.set("b", "kept");
  await Promise.all([storage.allow(true), storage.set("a", "new")]);
  expect([await onDevice("a"), await onDevice("b")]).toEqual(["new", "kept"]);
  await storage.delete("b");
  expect(await onDevice("b")).toBeUndefined();
});

it("removes everything when it is not allowed any more, and the page goes on", async () => {
  const storage = storageByConsent({ isAllowed: true, storage: indexedDbStorage(name) });
  await storage.set("a", 1);
  await storage.allow(false);
  await storage.set("b", 2);
  expect([await onDevice("a"), await onDevice("b"), await storage.get("a"), await storage.get("b")]).toEqual([undefined, undefined, undefined, 2]);
  await storage.allow(true);
  expect([await onDevice("a"), await onDevice("b")]).toEqual([undefined, 2]);
});

it("knows what was kept when it was allowed before", async () => {
  await indexedDbStorage(name).set("a", 1);
  expect(await storageByConsent({ isAllowed: true, storage: indexedDbStorage(name) }).get("a")).toBe(1);
  const asked = storageByConsent({ storage: indexedDbStorage(name) });
  expect(await asked.get("a")).toBeUndefined();
});
