import { DatabaseSync } from "node:sqlite";
import { Pool } from "pg";

/** A table in SQLite as it is by default: a rollback journal, and every insert waits for the disk. */
export function sqliteTable(filename) {
  const database = new DatabaseSync(filename);
  database.exec("pragma synchronous = full; create table messages (id integer primary key autoincrement, client_offset text unique, room text, content text)");
  const insert = database.prepare("insert into messages (room, content, client_offset) values (?, ?, ?)");
  return {
    insert: (room, text, clientOffset) => insert.run(room, text, clientOffset).lastInsertRowid.toString(),
    ids: () => database.prepare("select client_offset from messages").all().map((row) => row.client_offset),
  };
}

/** A table in PostgreSQL; every insert is a transaction, on the connection of a pool that is free. */
export async function postgresTable(connectionString) {
  const pool = new Pool({ connectionString });
  await pool.query("create table messages (id bigserial primary key, client_offset text unique, room text, content text)");
  return {
    async insert(room, text, clientOffset) {
      const { rows } = await pool.query("insert into messages (room, content, client_offset) values ($1, $2, $3) returning id", [room, text, clientOffset]);
      return rows[0].id;
    },
    ids: async () => (await pool.query("select client_offset from messages")).rows.map((row) => row.client_offset),
  };
}
