import { lookedAtForUnread } from "../chat-store.js";

/**
 * The SQL of the store, on the tables of one schema. Rows come with numbers as text, since they may be larger than a number can
 * be; texts go as JSON, since PostgreSQL keeps no U+0000. What is read comes with the column `life`, the life
 * of the store it was read in, and with one row of nulls where there would be none. `mark` is SQL; see `findLife`.
 */
export function statementsOn(schema: string, mark: string) {
  const [meta, rooms, events, messages, receipts, records] = ["meta", "rooms", "events", "messages", "receipts", "records"].map((table) => `"${schema}"."${table}"`);
  const life = `(select meta.value || ' ' || ${mark} from ${meta} as meta where meta.key = 'epoch')`;
  const pageOf = (condition: string) => `select h.life, h.head, m.body, m.is_before from (select ${life} as life, coalesce((select seq from ${rooms} where id = $1), 0) as head) as h
      left join lateral (
        (select seq, body, true as is_before from ${messages} where room_id = $1 and ${condition} and seq < $2 order by seq desc limit $3)
        union all (select seq, body, false from ${messages} where room_id = $1 and ${condition} and seq >= $2 order by seq limit $4)
      ) as m on true order by m.seq`;
  // PostgreSQL takes no JSON apart in which there is U+0000 or half a pair: another character stands for them.
  const json = (text: string) => String.raw`regexp_replace(${text}, '\\u(0000|d[89a-f][0-9a-f]{2})', '\\ufffd', 'g')::json`;
  // The planner does not see the bound in a subquery: seeing it, it may read all that is there and sort it, where it expects less.
  const unreadThat = (condition: string) => `(select count(*) from (
      select 1 from (select body from ${messages} where room_id = a.room_id and seq > coalesce(r.seq, 0) and in_room order by seq limit (select ${lookedAtForUnread})) as m
      where ${condition} and strpos(m.body, '"author":{"id":' || $3) is distinct from strpos(m.body, '"author":{"id":')
        and case when strpos(m.body, '"deletedAt":') > 0 then ${json("m.body")} -> 'deletedAt' is null else true end limit $4
    ) as u)`;
  return {
    lockRooms: `select id, seq from ${rooms} where id = any($1) order by id for update`,
    lockFreeRooms: `select id, seq from ${rooms} where id = any($1) order by id for update skip locked`,
    addRooms: `insert into ${rooms} (id, seq) select unnest($1::text[]), 0 on conflict do nothing`,
    eventsOf: `select h.life, e.room_id, e.id, e.fingerprint, e.body from (select ${life} as life) as h
      left join (unnest($1::text[], $2::text[]) as asked (room_id, id) join ${events} as e on e.room_id = asked.room_id and e.id = asked.id) on true`,
    messagesOf: `select h.life, m.room_id, m.id, m.body from (select ${life} as life) as h
      left join (unnest($1::text[], $2::text[]) as asked (room_id, id) join ${messages} as m on m.room_id = asked.room_id and m.id = asked.id) on true`,
    write: `with e as (
        insert into ${events} (room_id, seq, id, message_id, fingerprint, body) select * from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])
      ), m as (
        insert into ${messages} as m (room_id, seq, id, body, sent_at, words, thread_id, in_room)
          select room_id, seq, id, body, sent_at, words::tsvector, thread_id, in_room
          from unnest($7::text[], $8::bigint[], $9::text[], $10::text[], $11::bigint[], $12::text[], $13::text[], $14::boolean[]) as w (room_id, seq, id, body, sent_at, words, thread_id, in_room)
          on conflict (room_id, seq) do update set body = excluded.body, words = coalesce(excluded.words, m.words)
      ) update ${rooms} as r set seq = h.seq, oldest_at = coalesce(r.oldest_at, h.at) from unnest($15::text[], $16::bigint[], $17::bigint[]) as h (id, seq, at) where r.id = h.id`,
    // $3 and $4 are where a page before ended: nothing is left when everything from there on is forgotten.
    search: `select h.life, m.room_id, m.body from (select ${life} as life) as h
      left join lateral (
        select room_id, number, body from ${messages} where words @@ $1::tsquery and sent_at >= $2
          and sent_at < $5 and ($3::text is null or number < (select number from ${messages} where room_id = $3 and seq >= $4 order by seq limit 1))
        order by number desc limit $6
      ) as m on true order by m.number desc`,
    heads: `select h.life, r.id, r.seq from (select ${life} as life) as h left join ${rooms} as r on r.id = any($1)`,
    eventsById: `select h.life, e.id, e.fingerprint, e.body from (select ${life} as life) as h left join ${events} as e on e.room_id = $1 and e.id = any($2)`,
    scrubEvents: `update ${events} as e set fingerprint = '""', body = s.body from unnest($2::bigint[], $3::text[]) as s (seq, body) where e.room_id = $1 and e.seq = s.seq`,
    messagesById: `select h.life, m.id, m.body from (select ${life} as life) as h left join ${messages} as m on m.room_id = $1 and m.id = any($2)`,
    // One statement each, so that what is read is of one moment.
    eventsAfter: `select h.life, r.seq as head, r.trimmed, e.body from (select ${life} as life) as h left join ${rooms} as r on r.id = $1
      left join lateral (select seq, body from ${events} where room_id = $1 and seq > $2 order by seq limit $3) as e on true order by e.seq`,
    page: pageOf("in_room"),
    threadPage: pageOf("thread_id = $5"),
    // The first bound is for the index: no room has a later one.
    roomToTrim: `select ${life} as life, r.id, r.trimmed from ${rooms} as r left join unnest($2::text[], $3::bigint[]) as own (id, messages) on own.id = r.id
      where r.oldest_at < $4 and r.oldest_at < coalesce(own.messages, $1) limit 1 for update of r`,
    deleteMessages: `delete from ${messages} where room_id = $1 and seq <= $2`,
    eventsOfMessages: `select ${life} as life, seq, body from ${events} where room_id = $1 and message_id = any($2)`,
    setTrimmed: `update ${rooms} set trimmed = $2, oldest_at = $3, tombstone_at = coalesce(tombstone_at, $4) where id = $1`,
    roomToClear: `select ${life} as life, id, trimmed from ${rooms} where tombstone_at < $1 limit 1 for update`,
    tombstones: `select ${life} as life, body from ${events} where room_id = $1 and seq <= $2 order by seq limit $3`,
    deleteTombstones: `delete from ${events} where room_id = $1 and seq <= $2`,
    setCleared: `update ${rooms} set tombstone_at = $2 where id = $1`,
    recordsOf: `select h.life, r.key, r.revision, r.value from (select ${life} as life) as h left join ${records} as r on r.collection = $1 and r.key = any($2)`,
    recordsUp: `select h.life, r.key, r.revision, r.value from (select ${life} as life) as h
      left join lateral (select * from ${records} where collection = $1 and key > $2 and key < $3 order by key limit $4) as r on true order by r.key`,
    recordsDown: `select h.life, r.key, r.revision, r.value from (select ${life} as life) as h
      left join lateral (select * from ${records} where collection = $1 and key > $2 and key < $3 order by key desc limit $4) as r on true order by r.key desc`,
    // A null removes; locked in one order, so that no two transactions wait for each other. What is not there cannot be locked: for it the key is.
    lockRecords: `select ${life} as life, pg_advisory_xact_lock(hashtextextended(w.collection || ' ' || w.key, 0)) from (
        select distinct collection, key from unnest($1::text[], $2::text[]) as w (collection, key) order by collection, key
      ) as w`,
    revisionsOf: `select w.collection, w.key, coalesce(r.revision, 0) as revision from unnest($1::text[], $2::text[]) as w (collection, key)
      left join ${records} as r on r.collection = w.collection and r.key = w.key`,
    setRecords: `insert into ${records} as r (collection, key, revision, value)
      select w.collection, w.key, 1, w.value from unnest($1::text[], $2::text[], $3::text[]) as w (collection, key, value) where w.value is not null
      on conflict (collection, key) do update set revision = r.revision + 1, value = excluded.value`,
    deleteRecords: `delete from ${records} as r using unnest($1::text[], $2::text[], $3::text[]) as w (collection, key, value) where w.value is null and r.collection = w.collection and r.key = w.key`,
    receipts: `select h.life, r.user_id, r.seq from (select ${life} as life) as h left join ${receipts} as r on r.room_id = $1`,
    // A body is parsed when it has something of the name, which most have not. The author is the first of the name, and in texts quotes are escaped.
    reading: `select h.life, a.place, coalesce(r.seq, 0) as seq, ${unreadThat("true")} as unread,
        ${unreadThat(`case when strpos(m.body, $3) > 0 then (${json("m.body")} -> 'mentions')::jsonb @> ${json("$3")}::jsonb end`)} as mentions
      from (select ${life} as life) as h left join unnest($1::text[]) with ordinality as a (room_id, place) on true
      left join ${receipts} as r on r.room_id = a.room_id and r.user_id = $2 order by a.place`,
    receiptsOf: `select h.life, r.room_id, r.seq from (select ${life} as life) as h left join ${receipts} as r on r.user_id = $1`,
    forgetReader: `with h as (select ${life} as life), gone as (delete from ${receipts} as r using h where h.life = $2 and r.user_id = $1) select life from h`,
    allEvents: `select h.life, e.room_id, e.body from (select ${life} as life) as h
      left join lateral (select room_id, seq, body from ${events} where (room_id, seq) > ($1::text collate "C", $2::bigint) order by room_id, seq limit $3) as e on true order by e.room_id, e.seq`,
    eventsAt: `select ${life} as life, seq, body from ${events} where room_id = $1 and seq = any($2)`,
    messagesAt: `select ${life} as life, seq, body from ${messages} where room_id = $1 and seq = any($2)`,
    rewriteMessages: `update ${messages} as m set body = s.body from unnest($2::bigint[], $3::text[]) as s (seq, body) where m.room_id = $1 and m.seq = s.seq`,
    moveReceipt: `with h as (select ${life} as life), moved as (
        insert into ${receipts} as r (room_id, user_id, seq) select $1::text, $2::text, $3::bigint from h where h.life = $4
        on conflict (room_id, user_id) do update set seq = greatest(r.seq, excluded.seq)
      ) select life from h`,
  };
}

export type Statements = ReturnType<typeof statementsOn>;
