import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { ClientStorage } from "@chat-widget/client";

/** A client's storage in a file. */
export interface FileStorage extends ClientStorage {
  /** Everything kept under keys that begin like this, now. */
  kept(prefix: string): unknown[];
}

/** A storage that outlives its process, however that ends: each change is a line of the file before it is answered. */
export function fileStorage(filename: string): FileStorage {
  const values = new Map<string, unknown>();
  const write = (line: [key: string, value?: unknown]) => appendFileSync(filename, `${JSON.stringify(line)}\n`);
  for (const line of existsSync(filename) ? readFileSync(filename, "utf8").split("\n").slice(0, -1) : []) {
    const [key, ...value]: [string, ...unknown[]] = JSON.parse(line);
    if (value.length === 0) values.delete(key);
    else values.set(key, value[0]);
  }
  const kept = (prefix: string) =>
    [...values]
      .filter(([key]) => key.startsWith(prefix))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, value]) => value);
  return {
    kept,
    get: async (key) => values.get(key),
    list: async (prefix) => kept(prefix),
    async set(key, value) {
      write([key, value]);
      values.set(key, structuredClone(value));
    },
    async delete(key) {
      if (values.delete(key)) write([key]);
    },
  };
}
