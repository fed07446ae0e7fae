import { libsql, nodeSqlite, type Driver, type OpenDriver } from "./driver.js";

/** The drivers this runtime has, by name. */
export const drivers: [name: string, open: OpenDriver][] = [
  ...(process.getBuiltinModule("node:sqlite") === undefined ? [] : [["node:sqlite", nodeSqlite()] satisfies [string, OpenDriver]]),
  ["libsql", libsql()],
];

/** A connection, and what was done with it. */
export interface Watched extends Driver {
  filename: string;
  executed: string[];
  prepared: string[];
  isClosed: boolean;
}

/** Opens as `open` does, and keeps every connection in `seen`. */
export function watching(open: OpenDriver, seen: Watched[]): OpenDriver {
  return (filename) => {
    const driver = open(filename);
    const watched: Watched = {
      filename,
      executed: [],
      prepared: [],
      isClosed: false,
      exec(sql) {
        watched.executed.push(sql);
        driver.exec(sql);
      },
      prepare(sql) {
        watched.prepared.push(sql);
        return driver.prepare(sql);
      },
      close() {
        driver.close();
        watched.isClosed = true;
      },
    };
    seen.push(watched);
    return watched;
  };
}
