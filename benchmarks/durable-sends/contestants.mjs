import { memoryStore } from "@chat-widget/server";
import { postgresStore } from "@chat-widget/server/postgres";
import { sqliteStore } from "@chat-widget/server/sqlite";
import { oneCommitPerMessage } from "./one-commit-per-message.mjs";
import { ourChat } from "./our-chat.mjs";
import { plainChat } from "./plain-chat.mjs";
import { postgresTable, sqliteTable } from "./plain-tables.mjs";

const databases = {
  sqlite: {
    store: (filename) => sqliteStore({ filename, durability: "power-loss" }),
    // SQLite has one writer.
    single: (filename) => [sqliteStore({ filename, durability: "power-loss" })],
    table: sqliteTable,
  },
  postgres: {
    store: (connectionString) => postgresStore({ connectionString }),
    // As many as a pool has connections when it is told nothing else.
    single: (connectionString) => Array.from({ length: 10 }, () => postgresStore({ connectionString, poolSize: 2 })),
    table: postgresTable,
  },
};

/** Who competes: what it is called, how it is spoken to, and how it starts on an HTTP server. */
export const contestants = {
  ours: {
    title: "ours",
    dialect: "ours",
    start: (http, kind, place) => ourChat(http, databases[kind].store(place)),
  },
  single: {
    title: "ours, one commit per message",
    dialect: "ours",
    start: (http, kind, place) => ourChat(http, oneCommitPerMessage(databases[kind].single(place))),
  },
  plain: {
    title: "Socket.IO's tutorial",
    dialect: "plain",
    start: async (http, kind, place) => plainChat(http, await databases[kind].table(place)),
  },
  memory: {
    title: "ours, in memory",
    dialect: "ours",
    start: (http) => ourChat(http, memoryStore()),
  },
};
