import type { Check, Violation } from "./evidence.ts";
import { groupBy, recordsOf } from "./records.ts";

/** I10: a snapshot in the place of events reaches at least as far as the client was, unless the store itself is another. */
export const resetsAreHonest: Check = ({ records, ledgers }) => {
  const violations: Violation[] = [];
  for (const [key, own] of groupBy(recordsOf(records, "reset"), ({ client, room }) => `${client} ${room}`)) {
    for (const { reason, after, head, room, at } of own) {
      if (head < after) violations.push({ invariant: "I10", sort: "lost", detail: `${key} was sent back from ${after} to ${head} (${reason})` });
      const covered = recordsOf(records, "final").some((final) => `${final.client} ${final.room}` === key && final.at > at) || ledgers.get(room) === undefined;
      if (!covered) violations.push({ invariant: "I10", detail: `${key} was given a snapshot (${reason}) and never showed it` });
    }
  }
  return violations;
};
