import type { ClientStorage } from "./client-storage.js";

/** Keeps values in the browser's IndexedDB, in a database of the engine's own; opened, and its code loaded, at the first use. */
export function indexedDbStorage(name = "chat-widget"): ClientStorage {
  const open = async () => {
    const { openDB } = await import("idb");
    return openDB(name, 1, { upgrade: (database) => void database.createObjectStore("values") });
  };
  let opened: ReturnType<typeof open> | undefined;
  const database = () => (opened ??= open());
  return {
    get: async (key) => (await database()).get("values", key),
    // U+FFFF sorts behind everything a key may go on with.
    list: async (prefix) => (await database()).getAll("values", IDBKeyRange.bound(prefix, `${prefix}\uFFFF`)),
    set: async (key, value) => void (await (await database()).put("values", value, key)),
    delete: async (key) => (await database()).delete("values", key),
  };
}
