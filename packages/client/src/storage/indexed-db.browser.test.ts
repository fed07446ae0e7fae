import { beforeEach, expect, it } from "vitest";
import type { ClientStorage } from "./client-storage.js";
import { indexedDbStorage } from "./indexed-db.js";

let name: string;
let storage: ClientStorage;
beforeEach(() => {
  name = `chat-widget ${Math.random()}`;
  storage = indexedDbStorage(name);
});

it("has, after it was opened anew, what was put there", async () => {
  await storage.set("identity a", { user: { id: "ann" }, at: 1 });
  expect(await indexedDbStorage(name).get("identity a")).toEqual({ user: { id: "ann" }, at: 1 });
  expect(await storage.get("identity b")).toBeUndefined();
});

it("lists by prefix in the order of keys, whatever characters are in them", async () => {
  for (const key of ["outbox b 1", "outbox a 2", "outbox a 1", "outbox a 😀", "outbox a", "outbox aa 1"]) await storage.set(key, key);
  expect(await storage.list("outbox a ")).toEqual(["outbox a 1", "outbox a 2", "outbox a 😀"]);
});

it("puts one value in the place of another, and deletes", async () => {
  await storage.set("a", 1);
  await storage.set("a", 2);
  expect(await storage.get("a")).toBe(2);
  await storage.delete("a");
  expect(await storage.get("a")).toBeUndefined();
});

it("is not opened before it is used", async () => {
  const names = async () => (await indexedDB.databases()).map((database) => database.name);
  expect(await names()).not.toContain(name);
  await storage.get("a");
  expect(await names()).toContain(name);
});

it("keeps no value that cannot be kept", async () => {
  await expect(storage.set("a", () => {})).rejects.toThrow(DOMException);
});
