/** Where the engine keeps what must outlive the page: unsent commands and a guest's identity. Values are plain data. */
export interface ClientStorage {
  get(key: string): Promise<unknown>;
  /** The values of all keys that begin with `prefix`, in order of their keys. */
  list(prefix: string): Promise<unknown[]>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
}

/** A storage that ends with the page. */
export function memoryStorage(): ClientStorage {
  const values = new Map<string, unknown>();
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
