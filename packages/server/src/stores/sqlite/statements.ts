import { lookedAtForUnread } from "../chat-store.js";
import type { Driver } from "./driver.js";

type Body = { body: string };
type Place = { seq: number };
type Room = { id: string; trimmed: number };
type RecordRow = { key: string; revision: number; value: string };
type EventRow = Body & Place & { fingerprint: string };

/** Counts the unread messages for which something holds. */
const unreadThat = (condition: string) =>
  `select count(*) as count from (
    select 1 from (select body from messages where room_id = ? and seq > ? and in_room order by seq limit ${lookedAtForUnread})
    where ${condition} and body ->> '$.author.id' <> ? and body ->> '$.deletedAt' is null limit ?
  )`;

/** Every statement of the store, prepared once. */
export function prepareStatements(database: Driver) {
  return {
    setMeta: database.prepare("insert into meta (key, value) values (?, ?) on conflict do nothing"),
    meta: database.prepare<{ value: Uint8Array | string }>("select value from meta where key = ?"),
    head: database.prepare<Place & { trimmed: number }>("select seq, trimmed from rooms where id = ?"),
    setHead: database.prepare(
      "insert into rooms (id, seq, oldest_at) values (?, ?, ?) on conflict (id) do update set seq = excluded.seq, oldest_at = coalesce(oldest_at, excluded.oldest_at)",
    ),
    event: database.prepare<EventRow>("select seq, fingerprint, body from events where room_id = ? and id = ?"),
    eventsAfter: database.prepare<Body>("select body from events where room_id = ? and seq > ? order by seq limit ?"),
    eventsOfMessage: database.prepare<EventRow>("select seq, fingerprint, body from events where room_id = ? and message_id = ?"),
    insertEvent: database.prepare("insert into events (room_id, seq, id, message_id, fingerprint, body) values (?, ?, ?, ?, ?, ?)"),
    scrubEvent: database.prepare("update events set fingerprint = '', body = ? where room_id = ? and seq = ?"),
    message: database.prepare<Body>("select body from messages where room_id = ? and id = ?"),
    messagesBefore: database.prepare<Body>("select body from messages where room_id = ? and in_room and seq < ? order by seq desc limit ?"),
    messagesFrom: database.prepare<Body>("select body from messages where room_id = ? and in_room and seq >= ? order by seq limit ?"),
    repliesBefore: database.prepare<Body>("select body from messages where room_id = ? and thread_id = ? and seq < ? order by seq desc limit ?"),
    repliesFrom: database.prepare<Body>("select body from messages where room_id = ? and thread_id = ? and seq >= ? order by seq limit ?"),
    setMessage: database.prepare("insert into messages (room_id, seq, id, sent_at, thread_id, in_room, body) values (?, ?, ?, ?, ?, ?, ?) on conflict (room_id, seq) do update set body = excluded.body"),
    insertWords: database.prepare("insert into search (scope, words, rowid) select ?, ?, number from messages where room_id = ? and seq = ?"),
    deleteWords: database.prepare("delete from search where rowid = (select number from messages where room_id = ? and seq = ?)"),
    numberFrom: database.prepare<{ number: number }>("select number from messages where room_id = ? and seq >= ? order by seq limit 1"),
    search: database.prepare<Place & { number: number; roomId: string; sentAt: number }>(
      "select number, room_id as roomId, seq, sent_at as sentAt from search join messages on number = search.rowid where search match ? and search.rowid < cast(? as integer) order by search.rowid desc limit ?",
    ),
    messageByNumber: database.prepare<Body>("select body from messages where number = ?"),
    roomToTrim: database.prepare<Room>("select id, trimmed from rooms where oldest_at < ? and id not in (select value from json_each(?)) limit 1"),
    oneToTrim: database.prepare<Room>("select id, trimmed from rooms where id = ? and oldest_at < ?"),
    setTrimmed: database.prepare("update rooms set trimmed = ?, oldest_at = ?, tombstone_at = coalesce(tombstone_at, ?) where id = ?"),
    deleteMessage: database.prepare("delete from messages where room_id = ? and seq = ?"),
    roomToClear: database.prepare<Room>("select id, trimmed from rooms where tombstone_at < ? limit 1"),
    tombstones: database.prepare<Body & Place>("select seq, body from events where room_id = ? and seq <= ? order by seq limit ?"),
    deleteTombstones: database.prepare("delete from events where room_id = ? and seq <= ?"),
    setCleared: database.prepare("update rooms set tombstone_at = ? where id = ?"),
    record: database.prepare<RecordRow>("select key, revision, value from records where collection = ? and key = ?"),
    recordsUp: database.prepare<RecordRow>("select key, revision, value from records where collection = ? and key > ? and key < ? order by key limit ?"),
    recordsDown: database.prepare<RecordRow>("select key, revision, value from records where collection = ? and key > ? and key < ? order by key desc limit ?"),
    setRecord: database.prepare(
      "insert into records (collection, key, revision, value) values (?, ?, 1, ?) on conflict (collection, key) do update set revision = revision + 1, value = excluded.value",
    ),
    deleteRecord: database.prepare("delete from records where collection = ? and key = ?"),
    receipts: database.prepare<{ userId: string; seq: number }>("select user_id as userId, seq from receipts where room_id = ?"),
    receipt: database.prepare<Place>("select seq from receipts where room_id = ? and user_id = ?"),
    unread: database.prepare<{ count: number }>(unreadThat("true")),
    // Whoever is mentioned has their id in the body as JSON writes it: most bodies need not be parsed.
    unreadMentions: database.prepare<{ count: number }>(unreadThat("instr(body, ?) and exists (select 1 from json_each(body, '$.mentions') where value = ?)")),
    receiptsOf: database.prepare<{ roomId: string; seq: number }>("select room_id as roomId, seq from receipts where user_id = ?"),
    deleteReceiptsOf: database.prepare("delete from receipts where user_id = ?"),
    allEvents: database.prepare<Body & { roomId: string }>("select room_id as roomId, body from events where (room_id, seq) > (?, ?) order by room_id, seq limit ?"),
    eventAt: database.prepare<Body>("select body from events where room_id = ? and seq = ?"),
    messageAt: database.prepare<Body>("select body from messages where room_id = ? and seq = ?"),
    rewriteMessage: database.prepare("update messages set body = ? where room_id = ? and seq = ?"),
    setReceipt: database.prepare(
      "insert into receipts (room_id, user_id, seq) values (?, ?, ?) on conflict (room_id, user_id) do update set seq = max(seq, excluded.seq)",
    ),
  };
}

export type Statements = ReturnType<typeof prepareStatements>;
