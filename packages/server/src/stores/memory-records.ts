import { compareKeys, rangeOf, type RecordQuery, type RecordWrite, type StoredRecord } from "./records.js";

interface Kept {
  /** JSON, so that nobody changes a record by changing what they gave or got. */
  json: string;
  revision: number;
}

/** Records in memory. */
export class MemoryRecords {
  readonly #collections = new Map<string, Map<string, Kept>>();

  read(collection: string, query: RecordQuery): StoredRecord[] {
    const records = this.#of(collection);
    return this.#keys(records, query).flatMap((key) => {
      const kept = records.get(key);
      return kept === undefined ? [] : [{ key, value: JSON.parse(kept.json), revision: kept.revision }];
    });
  }

  /** All or nothing; false when a record has not the revision it was expected to have. */
  write(writes: readonly RecordWrite[]): boolean {
    if (writes.some(({ collection, key, expect }) => expect !== undefined && expect !== (this.#of(collection).get(key)?.revision ?? 0))) return false;
    for (const { collection, key, value } of writes) {
      const records = this.#of(collection);
      if (value === undefined) records.delete(key);
      else records.set(key, { json: JSON.stringify(value), revision: (records.get(key)?.revision ?? 0) + 1 });
    }
    return true;
  }

  #keys(records: ReadonlyMap<string, Kept>, query: RecordQuery): readonly string[] {
    if ("keys" in query) return query.keys;
    const { from, to } = rangeOf(query);
    const keys = [...records.keys()].filter((key) => compareKeys(key, from) > 0 && compareKeys(key, to) < 0).toSorted(compareKeys);
    return (query.reverse === true ? keys.toReversed() : keys).slice(0, query.limit);
  }

  #of(collection: string): Map<string, Kept> {
    const records = this.#collections.get(collection) ?? new Map<string, Kept>();
    this.#collections.set(collection, records);
    return records;
  }
}
