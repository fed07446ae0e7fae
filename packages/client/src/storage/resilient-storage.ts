import { ChatError } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import type { Logger } from "../logger.js";
import { memoryStorage, type ClientStorage } from "./client-storage.js";

/** How long it may take; browsers were seen never to answer. */
const patienceMs = 3_000;

/** The same storage until it fails (a private window, a full disk, no answer); from then on one in memory, so that the chat goes on. */
export function resilientStorage(storage: ClientStorage, clock: Clock, logger: Logger): ClientStorage {
  let current = storage;
  const inTime = <T>(answer: Promise<T>): Promise<T> => {
    let timer: unknown;
    const late = new Promise<never>((_resolve, reject) => {
      timer = clock.setTimeout(() => reject(new ChatError("timeout", "unable to use the storage; it does not answer")), patienceMs);
    });
    return Promise.race([answer, late]).finally(() => clock.clearTimeout(timer));
  };
  const attempt = async <T>(run: (storage: ClientStorage) => Promise<T>): Promise<T> => {
    try {
      return await inTime(run(current));
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
    // Pages that cannot meet do without each other.
    ...(storage.meet !== undefined && { meet: storage.meet.bind(storage) }),
  };
}
