import { memoryStorage, type ClientStorage } from "./client-storage.js";
import { indexedDbStorage } from "./indexed-db.js";

/** A storage that asks for leave: without it nothing is kept on the device, and nothing that was kept before is read. */
export interface StorageByConsent extends ClientStorage {
  /**
   * The visitor allows it, or does not any more. What the page knows then goes to the device; or everything that a chat
   * keeps there is removed, and the page goes on by itself.
   */
  allow(isAllowed: boolean): Promise<void>;
}

interface ConsentOptions {
  /** What the visitor said before; false when they were not asked yet. */
  isAllowed?: boolean;
  /** Where things are kept once it is allowed; IndexedDB when left out. It must have `clear`. */
  storage?: ClientStorage & Required<Pick<ClientStorage, "clear">>;
}

/**
 * Keeps what a chat keeps only as long as the visitor allows it; for the option `storage`.
 *
 * @example
 * const storage = storageByConsent();
 * const client = createChatClient({ storage });
 * banner.addEventListener("accept", () => storage.allow(true));
 */
export function storageByConsent({ isAllowed = false, storage = indexedDbStorage() }: ConsentOptions = {}): StorageByConsent {
  let values = new Map<string, unknown>();
  let page = memoryStorage(values);
  let current: ClientStorage = isAllowed ? storage : page;
  return {
    get: (key) => current.get(key),
    list: (prefix) => current.list(prefix),
    set: (key, value) => current.set(key, value),
    delete: (key) => current.delete(key),
    // What pages tell each other is kept nowhere.
    ...(storage.meet !== undefined && { meet: storage.meet.bind(storage) }),
    async allow(isAllowed) {
      if (isAllowed === (current === storage)) return;
      values = new Map(isAllowed ? values : []);
      page = memoryStorage(values);
      current = isAllowed ? storage : page;
      // All at once, so that nothing that is set meanwhile is overwritten by what was there before.
      if (isAllowed) await Promise.all([...values].map(([key, value]) => storage.set(key, value)));
      else await storage.clear();
    },
  };
}
