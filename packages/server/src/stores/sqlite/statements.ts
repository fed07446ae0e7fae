import type { Driver } from "./driver.js";

type Body = { body: string };
type Place = { seq: number };
type EventRow = Body & Place & { fingerprint: string };

/** Every statement of the store, prepared once. */
export function prepareStatements(database: Driver) {
  return {
    setMeta: database.prepare("insert into meta (key, value) values (?, ?) on conflict do nothing"),
    meta: database.prepare<{ value: Uint8Array | string }>("select value from meta where key = ?"),
    head: database.prepare<Place>("select seq from rooms where id = ?"),
    setHead: database.prepare("insert into rooms (id, seq) values (?, ?) on conflict (id) do update set seq = excluded.seq"),
    event: database.prepare<EventRow>("select seq, fingerprint, body from events where room_id = ? and id = ?"),
    eventsAfter: database.prepare<Body>("select body from events where room_id = ? and seq > ? order by seq limit ?"),
    eventsOfMessage: database.prepare<EventRow>("select seq, fingerprint, body from events where room_id = ? and message_id = ?"),
    insertEvent: database.prepare("insert into events (room_id, seq, id, message_id, fingerprint, body) values (?, ?, ?, ?, ?, ?)"),
    scrubEvent: database.prepare("update events set fingerprint = '', body = ? where room_id = ? and seq = ?"),
    message: database.prepare<Body>("select body from messages where room_id = ? and id = ?"),
    messagesBefore: database.prepare<Body>("select body from messages where room_id = ? and seq < ? order by seq desc limit ?"),
    messagesFrom: database.prepare<Body>("select body from messages where room_id = ? and seq >= ? order by seq limit ?"),
    setMessage: database.prepare("insert into messages (room_id, seq, id, body) values (?, ?, ?, ?) on conflict (room_id, seq) do update set body = excluded.body"),
    receipts: database.prepare<{ userId: string; seq: number }>("select user_id as userId, seq from receipts where room_id = ?"),
    setReceipt: database.prepare(
      "insert into receipts (room_id, user_id, seq) values (?, ?, ?) on conflict (room_id, user_id) do update set seq = max(seq, excluded.seq)",
    ),
  };
}

export type Statements = ReturnType<typeof prepareStatements>;
