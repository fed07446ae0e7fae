import type { ChatStore } from "@chat-widget/server";
import { postgresStore } from "@chat-widget/server/postgres";
import { sqliteStore } from "@chat-widget/server/sqlite";
import type { StoreSetup } from "./node-setup.ts";

/** The store of a setup, durable as it is by default. */
export function openStore(setup: StoreSetup): ChatStore {
  switch (setup.kind) {
    case "sqlite":
      return sqliteStore({ filename: setup.filename });
    case "postgres":
      return postgresStore({ connectionString: setup.url });
  }
}
