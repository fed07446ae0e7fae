import { drivers, type Driver, type DriverName, type OpenDriver } from "./driver.js";

/** The drivers this runtime has. */
export const driverNames: DriverName[] = process.getBuiltinModule("node:sqlite") === undefined ? ["libsql"] : ["node:sqlite", "libsql"];

/** A connection of a driver. */
export const openWith = (name: DriverName, filename: string): Driver => drivers[name]()(filename);

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
