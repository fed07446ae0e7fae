import type { ClientStorage } from "./client-storage.js";

/** Keeps values in the browser's IndexedDB, in a database of the engine's own; opened, and its code loaded, at the first use. */
export function indexedDbStorage(name = "chat-widget"): Required<ClientStorage> {
  let opened: Promise<Required<ClientStorage>> | undefined;
  const storage = () => (opened ??= import("./open-indexed-db.js").then(({ openIndexedDb }) => openIndexedDb(name)));
  return {
    get: async (key) => (await storage()).get(key),
    list: async (prefix) => (await storage()).list(prefix),
    set: async (key, value) => (await storage()).set(key, value),
    delete: async (key) => (await storage()).delete(key),
    clear: async () => (await storage()).clear(),
    meet: async (place, hear) => (await storage()).meet(place, hear),
  };
}
