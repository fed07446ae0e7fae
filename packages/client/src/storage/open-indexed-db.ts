import { openDB } from "idb";
import type { ClientStorage } from "./client-storage.js";
import { meetPages } from "./meet-pages.js";

/** A storage in IndexedDB; its pages meet over what browsers have for that. */
export function openIndexedDb(name: string): Required<ClientStorage> {
  const open = () => openDB(name, 1, { upgrade: (database) => void database.createObjectStore("values") });
  let opened: ReturnType<typeof open> | undefined;
  const database = () => (opened ??= open());
  return {
    get: async (key) => (await database()).get("values", key),
    // U+FFFF sorts behind everything a key may go on with.
    list: async (prefix) => (await database()).getAll("values", IDBKeyRange.bound(prefix, `${prefix}\uFFFF`)),
    set: async (key, value) => void (await (await database()).put("values", value, key)),
    delete: async (key) => (await database()).delete("values", key),
    clear: async () => (await database()).clear("values"),
    meet: async (place, hear) => meetPages(`${name} ${place}`, hear),
  };
}
