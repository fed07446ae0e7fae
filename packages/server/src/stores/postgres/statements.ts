/** The SQL of the store, on the tables of one schema. Rows come with numbers as text, since they may be larger than a number can be; texts go as JSON, since PostgreSQL keeps no U+0000. */
export function statementsOn(schema: string) {
  const [meta, rooms, events, messages, receipts] = ["meta", "rooms", "events", "messages", "receipts"].map((table) => `"${schema}"."${table}"`);
  return {
    setMeta: `insert into ${meta} (key, value) values ($1, $2) on conflict do nothing`,
    meta: `select value from ${meta} where key = $1`,
    lockRoom: `select seq from ${rooms} where id = $1 for update`,
    addRoom: `insert into ${rooms} (id, seq) values ($1, 0) on conflict do nothing`,
    setHead: `update ${rooms} set seq = $2 where id = $1`,
    heads: `select id, seq from ${rooms} where id = any($1)`,
    eventsById: `select id, fingerprint, body from ${events} where room_id = $1 and id = any($2)`,
    eventsOfMessage: `select seq, body from ${events} where room_id = $1 and message_id = $2`,
    insertEvents: `insert into ${events} (room_id, seq, id, message_id, fingerprint, body) select $1, * from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])`,
    scrubEvents: `update ${events} as e set fingerprint = '""', body = s.body from unnest($2::bigint[], $3::text[]) as s (seq, body) where e.room_id = $1 and e.seq = s.seq`,
    setMessages: `insert into ${messages} (room_id, seq, id, body) select $1, * from unnest($2::bigint[], $3::text[], $4::text[]) on conflict (room_id, seq) do update set body = excluded.body`,
    messagesById: `select id, body from ${messages} where room_id = $1 and id = any($2)`,
    // One statement each, so that what is read is of one moment.
    eventsAfter: `select h.head, e.body from (select coalesce((select seq from ${rooms} where id = $1), 0) as head) as h
      left join lateral (select seq, body from ${events} where room_id = $1 and seq > $2 order by seq limit $3) as e on true order by e.seq`,
    page: `select h.head, m.body, m.is_before from (select coalesce((select seq from ${rooms} where id = $1), 0) as head) as h
      left join lateral (
        (select seq, body, true as is_before from ${messages} where room_id = $1 and seq < $2 order by seq desc limit $3)
        union all (select seq, body, false from ${messages} where room_id = $1 and seq >= $2 order by seq limit $4)
      ) as m on true order by m.seq`,
    receipts: `select user_id, seq from ${receipts} where room_id = $1`,
    moveReceipt: `insert into ${receipts} as r (room_id, user_id, seq) values ($1, $2, $3) on conflict (room_id, user_id) do update set seq = greatest(r.seq, excluded.seq)`,
  };
}

export type Statements = ReturnType<typeof statementsOn>;
