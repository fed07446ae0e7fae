import type { Logger } from "../logger.js";
import { memoryStorage, type ClientStorage } from "./client-storage.js";

/** The same storage until it fails (a private window, a full disk); from then on one in memory, so that the chat goes on. */
export function resilientStorage(storage: ClientStorage, logger: Logger): ClientStorage {
  let current = storage;
  const attempt = async <T>(run: (storage: ClientStorage) => Promise<T>): Promise<T> => {
    try {
      return await run(current);
    } catch (error) {
      if (current === storage) {
        logger.warn({ error }, "unable to keep unsent messages over a reload; the browser's storage failed");
        current = memoryStorage();
      }
      return run(current);
    }
  };
  return {
    get: (key) => attempt((to) => to.get(key)),
    list: (prefix) => attempt((to) => to.list(prefix)),
    set: (key, value) => attempt((to) => to.set(key, value)),
    delete: (key) => attempt((to) => to.delete(key)),
  };
}
