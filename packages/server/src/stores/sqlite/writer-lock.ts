import { openDriver, type Driver, type DriverName } from "./driver.js";

/**
 * Holds the right to write a database file until closed, or until the process ends in whatever way.
 *
 * The lock is SQLite's own on a small file beside the database, so the operating system lets go of it with the process,
 * and backups and other readers may open the database itself at any time. Throws when another holds it.
 */
export function lockWriter(filename: string, driver?: DriverName): Driver {
  const lock = openDriver(`${filename}.lock`, driver);
  try {
    lock.exec("pragma locking_mode = exclusive; begin exclusive; create table if not exists held (here integer)");
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}
