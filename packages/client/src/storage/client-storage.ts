/** Where the engine keeps what must outlive the page: unsent commands, a guest's identity and the newest they have read. Values are plain data. */
export interface ClientStorage {
  get(key: string): Promise<unknown>;
  /** The values of all keys that begin with `prefix`, in order of their keys. */
  list(prefix: string): Promise<unknown[]>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  /** Removes everything. */
  clear?(): Promise<void>;
  /** Meets the other pages that use the same storage, under a name. Without it the pages share what is kept, and hear of each other's changes from the server. */
  meet?(name: string, hear: (news: unknown) => void): Promise<Siblings>;
}

/** The other pages with the same storage, in the same room and as the same user. What they do for each other saves time and traffic; nothing depends on it. */
export interface Siblings {
  /** Every sibling hears it; this page does not. */
  tell(news: unknown): void;
  /** Waits until no sibling has a turn, some seconds at most, for a page that is frozen keeps its turn. Gives the function that ends the turn; after `atMostMs` it ends by itself. */
  turn(atMostMs?: number): Promise<() => void>;
  leave(): void;
}

/** A storage that ends with the page. */
export function memoryStorage(values = new Map<string, unknown>()): ClientStorage {
  return {
    get: async (key) => values.get(key),
    list: async (prefix) =>
      [...values]
        .filter(([key]) => key.startsWith(prefix))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, value]) => value),
    set: async (key, value) => void values.set(key, structuredClone(value)),
    delete: async (key) => void values.delete(key),
  };
}
