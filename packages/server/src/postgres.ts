export type { PostgresStoreOptions } from "./stores/postgres/options.js";
export { postgresStore } from "./stores/postgres/postgres-store.js";
