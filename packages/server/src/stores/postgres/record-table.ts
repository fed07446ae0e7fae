import { rangeOf, type RecordQuery, type RecordWrite, type StoredRecord } from "../records.js";
import type { PostgresClient } from "./client.js";
import type { Life } from "./life.js";
import type { Statements } from "./statements.js";

interface Row {
  life: string;
  key: string | null;
  revision: string;
  value: string;
}

/** The statement that reads what is asked for, and its values. */
export function readingRecords(sql: Statements, collection: string, query: RecordQuery): [text: string, ...values: unknown[]] {
  if ("keys" in query) return [sql.recordsOf, collection, [...query.keys]];
  const { from, to } = rangeOf(query);
  return [query.reverse === true ? sql.recordsDown : sql.recordsUp, collection, from, to, query.limit];
}

/** The records of rows; those asked for by key in the order they were asked for. */
export function recordsOf(rows: readonly Row[], query: RecordQuery): StoredRecord[] {
  const records = rows.flatMap(({ key, revision, value }) => (key === null ? [] : [{ key, revision: Number(revision), value: JSON.parse(value) }]));
  if (!("keys" in query)) return records;
  const byKey = new Map(records.map((record) => [record.key, record]));
  return query.keys.flatMap((key) => byKey.get(key) ?? []);
}

/** Within a transaction that is open. All or nothing; false when a record has not the revision it was expected to have. */
export async function writeRecords(client: PostgresClient, life: Life, writes: readonly RecordWrite[]): Promise<boolean> {
  if (writes.length === 0) return true;
  const { sql } = life;
  // The last word on a key is the one that counts.
  const last = [...new Map(writes.map((write) => [JSON.stringify([write.collection, write.key]), write])).values()];
  const names = [last.map(({ collection }) => collection), last.map(({ key }) => key)];
  life.rowsOf((await client.query(sql.lockRecords, names)).rows);
  if (last.some(({ expect }) => expect !== undefined)) {
    // The columns are written there.
    const { rows } = await client.query(sql.revisionsOf, names);
    const found = new Map((rows as { collection: string; key: string; revision: string }[]).map(({ collection, key, revision }) => [JSON.stringify([collection, key]), Number(revision)]));
    if (last.some(({ collection, key, expect }) => expect !== undefined && expect !== found.get(JSON.stringify([collection, key])))) return false;
  }
  const values = [...names, last.map(({ value }) => (value === undefined ? null : JSON.stringify(value)))];
  await client.query(sql.setRecords, values);
  await client.query(sql.deleteRecords, values);
  return true;
}
