export { postgresStore, type PostgresStoreOptions } from "./stores/postgres/postgres-store.js";
