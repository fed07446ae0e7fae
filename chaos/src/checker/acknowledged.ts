import type { Check, Violation } from "./evidence.ts";
import { asksById, recordsOf } from "./records.ts";

/** I1. */
export const acknowledgedIsKept: Check = ({ records, ledgers }) => {
  const violations: Violation[] = [];
  const asks = asksById(records);
  const add = (id: string, detail: string) => violations.push({ invariant: "I1", sort: "lost", id, detail: `${id} ${detail}` });
  const idle = new Set(recordsOf(records, "ack").filter(({ seq }) => seq === undefined).map(({ id }) => id));
  const checked = new Set<string>();
  for (const record of records) {
    if (record.kind !== "ack" && record.kind !== "done") continue;
    // There was nothing to change, so that there is no event.
    if (idle.has(record.id) || (record.kind === "done" && checked.has(record.id))) continue;
    checked.add(record.id);
    const [entry] = ledgers.get(record.room)?.withId(record.id) ?? [];
    const ask = asks.get(record.id);
    if (entry === undefined) add(record.id, "was acknowledged and is not in the log");
    else if (record.kind === "ack" && record.seq !== entry.seq) add(record.id, `was acknowledged at ${record.seq} and is at ${entry.seq}`);
    else if (ask !== undefined && !entry.isScrubbed && ask.digest !== entry.digest) add(record.id, "says something else in the log than was asked");
  }
  return violations;
};
