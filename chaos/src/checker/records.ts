import type { HistoryRecord } from "../history/record.ts";

type Of<Kind extends HistoryRecord["kind"]> = Extract<HistoryRecord, { kind: Kind }>;

/** Only the records of one kind. */
export function recordsOf<Kind extends HistoryRecord["kind"]>(records: readonly HistoryRecord[], kind: Kind): Of<Kind>[] {
  return records.filter((record): record is Of<Kind> => record.kind === kind);
}

/** The first time each command was asked, by its id: a reload or another tab notes it again. */
export function asksById(records: readonly HistoryRecord[]): Map<string, Of<"ask">> {
  const asks = new Map<string, Of<"ask">>();
  for (const ask of recordsOf(records, "ask")) if (!asks.has(ask.id)) asks.set(ask.id, ask);
  return asks;
}

/** Values by a key. */
export function groupBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}
