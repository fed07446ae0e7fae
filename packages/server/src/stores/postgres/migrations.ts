import type { PostgresClient } from "./client.js";

/** What each version of the tables adds to the one before. Never changed once released, only added to. Texts are compared as bytes, whatever the database's language. */
const migrations = (schema: string): readonly string[] => [
  `create table "${schema}".meta (key text collate "C" primary key, value text not null);

   -- trimmed: the last event that is forgotten; oldest_at: when the first after it was written; tombstone_at: when the first
   -- that is still there was, if it is a forgotten one.
   create table "${schema}".rooms (
     id text collate "C" primary key, seq bigint not null,
     trimmed bigint not null default 0, oldest_at bigint, tombstone_at bigint
   );
   create index rooms_by_oldest on "${schema}".rooms (oldest_at) where oldest_at is not null;
   create index rooms_by_tombstone on "${schema}".rooms (tombstone_at) where tombstone_at is not null;

   create table "${schema}".events (
     room_id text collate "C" not null, seq bigint not null, id text collate "C" not null, message_id text collate "C" not null,
     fingerprint text not null, body text not null,
     primary key (room_id, seq)
   );
   create unique index events_by_id on "${schema}".events (id, room_id);
   create index events_by_message on "${schema}".events (message_id, room_id);

   -- number: in the order they were first written, in whatever room; words: what they are found by.
   create table "${schema}".messages (
     room_id text collate "C" not null, seq bigint not null, id text collate "C" not null, body text not null,
     number bigint not null generated always as identity, sent_at bigint not null, words tsvector,
     -- in_room: whether it is among the room's messages; a reply in a thread need not be.
     thread_id text collate "C", in_room boolean not null,
     primary key (room_id, seq)
   );
   create unique index messages_by_id on "${schema}".messages (id, room_id);
   create index messages_in_room on "${schema}".messages (room_id, seq) where in_room;
   create index messages_in_thread on "${schema}".messages (thread_id, room_id, seq) where thread_id is not null;
   create index messages_by_words on "${schema}".messages using gin (words);

   create table "${schema}".receipts (
     room_id text collate "C" not null, user_id text collate "C" not null, seq bigint not null,
     primary key (room_id, user_id)
   );
   create index receipts_of_user on "${schema}".receipts (user_id);

   create table "${schema}".records (
     collection text collate "C" not null, key text collate "C" not null, revision bigint not null, value text not null,
     primary key (collection, key)
   );`,
];

/** Brings the tables of a schema to the newest version, while every other server that starts waits. Throws on tables of a version not known here. */
export async function migrate(client: PostgresClient, schema: string): Promise<void> {
  const steps = migrations(schema);
  await client.query("begin");
  await client.query("select pg_advisory_xact_lock(hashtext($1))", [`chat-widget ${schema}`]);
  await client.query(`create schema if not exists "${schema}"; create table if not exists "${schema}".migrations (version integer primary key, at timestamptz not null default now())`);
  const { rows } = await client.query(`select version from "${schema}".migrations order by version desc limit 1`);
  const version = versionOf(rows[0]);
  if (version > steps.length) throw new Error(`its tables have version ${version} and this release knows ${steps.length}; use the newer release that made them`);
  for (const [index, sql] of steps.entries()) {
    if (index < version) continue;
    await client.query(sql);
    await client.query(`insert into "${schema}".migrations (version) values ($1)`, [index + 1]);
  }
  await client.query("commit");
}

function versionOf(row: unknown): number {
  return typeof row === "object" && row !== null && "version" in row && typeof row.version === "number" ? row.version : 0;
}
