import { rangeOf, type RecordQuery, type RecordWrite, type StoredRecord } from "../records.js";
import type { Statements } from "./statements.js";

export function readRecords(sql: Statements, collection: string, query: RecordQuery): StoredRecord[] {
  return rowsOf(sql, collection, query).map(({ key, revision, value }) => ({ key, revision, value: JSON.parse(value) }));
}

/** Within a transaction that is open. All or nothing; false when a record has not the revision it was expected to have. */
export function writeRecords(sql: Statements, writes: readonly RecordWrite[]): boolean {
  if (writes.some(({ collection, key, expect }) => expect !== undefined && expect !== (sql.record.get(collection, key)?.revision ?? 0))) return false;
  for (const { collection, key, value } of writes) {
    if (value === undefined) sql.deleteRecord.run(collection, key);
    else sql.setRecord.run(collection, key, JSON.stringify(value));
  }
  return true;
}

function rowsOf(sql: Statements, collection: string, query: RecordQuery) {
  if ("keys" in query) return query.keys.flatMap((key) => sql.record.get(collection, key) ?? []);
  const { from, to } = rangeOf(query);
  return (query.reverse === true ? sql.recordsDown : sql.recordsUp).all(collection, from, to, query.limit);
}
