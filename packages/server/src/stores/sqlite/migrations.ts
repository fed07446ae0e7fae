import type { Driver } from "./driver.js";

/** What each version of the tables adds to the one before. Never changed once released, only added to. */
const migrations: readonly string[] = [
  `create table meta (key text primary key, value blob not null) without rowid;

   -- trimmed: the last event that is forgotten; oldest_at: when the first after it was written; tombstone_at: when the first
   -- that is still there was, if it is a forgotten one.
   create table rooms (
     id text primary key, seq integer not null,
     trimmed integer not null default 0, oldest_at integer, tombstone_at integer
   ) without rowid;
   create index rooms_by_oldest on rooms (oldest_at) where oldest_at is not null;
   create index rooms_by_tombstone on rooms (tombstone_at) where tombstone_at is not null;

   create table events (
     room_id text not null, seq integer not null, id text not null, message_id text not null,
     fingerprint text not null, body text not null
   );
   create unique index events_by_place on events (room_id, seq);
   create unique index events_by_id on events (id, room_id);
   create index events_by_message on events (message_id, room_id);

   -- number: in the order they were first written, in whatever room; in_room: whether it is among the room's messages, which
   -- a reply in a thread need not be.
   create table messages (
     number integer primary key, room_id text not null, seq integer not null, id text not null, sent_at integer not null,
     thread_id text, in_room integer not null, body text not null
   );
   create unique index messages_by_place on messages (room_id, seq);
   create unique index messages_by_id on messages (id, room_id);
   create index messages_in_room on messages (room_id, seq) where in_room;
   create index messages_in_thread on messages (thread_id, room_id, seq) where thread_id is not null;

   -- What messages are found by, as words with spaces between; rowid is the message's number. Without secure-delete a deleted
   -- word would stay in the index until parts of it are merged.
   create virtual table search using fts5 (scope, words, tokenize = 'ascii', columnsize = 0);
   insert into search (search, rank) values ('secure-delete', 1);

   create table receipts (
     room_id text not null, user_id text not null, seq integer not null,
     primary key (room_id, user_id)
   ) without rowid;
   create index receipts_of_user on receipts (user_id);

   create table records (
     collection text not null, key text not null, revision integer not null, value text not null,
     primary key (collection, key)
   ) without rowid;`,
];

/** Brings the tables to the newest version; each step is one transaction. Throws on tables of a version not known here. */
export function migrate(database: Driver): void {
  const version = database.prepare<{ user_version: number }>("pragma user_version").get()?.user_version ?? 0;
  if (version > migrations.length) throw new Error(`its tables have version ${version} and this release knows ${migrations.length}; use the newer release that made them`);
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    database.exec(`begin immediate; ${sql}; pragma user_version = ${index + 1}; commit`);
  }
}
