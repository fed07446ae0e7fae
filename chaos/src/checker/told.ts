import type { Check, Violation } from "./evidence.ts";
import { recordsOf } from "./records.ts";

/** I5. */
export const toldIsKept: Check = ({ records, ledgers }) => {
  const violations: Violation[] = [];
  for (const { client, room, epoch, events } of recordsOf(records, "hear")) {
    const ledger = ledgers.get(room);
    if (ledger === undefined || ledger.epoch !== epoch) continue;
    for (const [seq, id, digest] of events) {
      const entry = ledger.at(seq);
      if (entry?.id === id && (entry.isScrubbed || entry.digest === digest)) continue;
      violations.push({ invariant: "I5", detail: `${client} was told ${id} at ${seq} of ${room}, where the log has ${entry?.id === id ? "another content" : (entry?.id ?? "nothing")}` });
    }
  }
  return violations;
};
