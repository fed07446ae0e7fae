import type { Check, Violation } from "./evidence.ts";
import { asksById, groupBy } from "./records.ts";

/** I6. The place in the log is the witness, so that one sweep over time is enough. */
export const keepsRealTime: Check = ({ records, ledgers }) => {
  const violations: Violation[] = [];
  const asks = asksById(records);
  const highest = new Map<string, { seq: number; id: string }>();
  for (const record of records) {
    if (record.kind === "ack" && record.seq !== undefined) {
      if (record.seq > (highest.get(record.room)?.seq ?? 0)) highest.set(record.room, { seq: record.seq, id: record.id });
    } else if (record.kind === "ask" && asks.get(record.id) === record) {
      const before = highest.get(record.room);
      const [entry] = ledgers.get(record.room)?.withId(record.id) ?? [];
      if (before !== undefined && entry !== undefined && entry.seq < before.seq) {
        violations.push({ invariant: "I6", sort: "disordered", id: record.id, detail: `${record.id} is at ${entry.seq} of ${record.room}, before ${before.id} at ${before.seq}, which was acknowledged before it was asked` });
      }
    }
  }
  return violations;
};

/** I7. */
export const keepsSessionOrder: Check = ({ records, ledgers }) => {
  const violations: Violation[] = [];
  for (const [, asks] of groupBy([...asksById(records).values()], ({ client, room }) => `${client} ${room}`)) {
    let before = { seq: 0, id: "" };
    for (const { id, room, client } of asks) {
      const [entry] = ledgers.get(room)?.withId(id) ?? [];
      if (entry === undefined) continue;
      if (entry.seq < before.seq) violations.push({ invariant: "I7", sort: "disordered", id, detail: `${client} asked ${before.id} before ${id}, and they are at ${before.seq} and ${entry.seq} of ${room}` });
      else before = entry;
    }
  }
  return violations;
};

