import { realpathSync } from "node:fs";
import { ChatError } from "@chat-widget/protocol";
import type { Driver, OpenDriver } from "./driver.js";

/**
 * Holds the right to write an existing database file until closed, or until the process ends in whatever way.
 *
 * The lock is SQLite's own on a small file beside the database, so the operating system lets go of it with the process,
 * and backups and other readers may open the database itself at any time. A link and the file it leads to share one lock.
 * @throws {ChatError} `unavailable` when another holds it
 */
export function lockWriter(filename: string, open: OpenDriver): Driver {
  const lock = open(`${realpathSync(filename)}.lock`);
  try {
    lock.exec("begin exclusive");
    return lock;
  } catch (error) {
    lock.close();
    if (!(error instanceof Error) || !error.message.includes("locked")) throw error;
    throw new ChatError("unavailable", `unable to open ${filename}; another server has it open, and a SQLite store serves one`, { cause: error });
  }
}
