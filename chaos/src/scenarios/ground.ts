import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { AdapterSetup, StoreSetup } from "../node/node-setup.ts";

/** What servers stand on: the store, what joins them, and the processes behind both. */
export interface Ground {
  store: StoreSetup;
  adapter: AdapterSetup;
  /** What joins the servers, where that is a program. */
  broker?: { kill(): Promise<void>; start(): Promise<void> };
  /** The database, where that is a program. */
  database?: { crash(): Promise<void>; cutConnections(): Promise<void> };
  /** The folder whose disk the store is on, where it can be given a small one. */
  diskFolder: string;
  /** Ends what was started for it. */
  close(): Promise<void>;
}

/** Makes a ground ready, in a folder of its own that is removed afterwards. */
export type OpenGround = (folder: string) => Promise<Ground>;

/** One server, one file. */
export const sqliteGround: OpenGround = async (folder) => {
  const diskFolder = join(folder, "store");
  mkdirSync(diskFolder);
  return { store: { kind: "sqlite", filename: join(diskFolder, "chat.db") }, adapter: { kind: "none" }, diskFolder, close: async () => {} };
};
