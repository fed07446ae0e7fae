import type { Check, Violation } from "./evidence.ts";
import { asksById, groupBy, recordsOf } from "./records.ts";

/** I2. Texts are one of their kind, so that a command which was asked again under another name is seen too. */
export const hasOneEffect: Check = ({ records, ledgers }) => {
  const violations: Violation[] = [];
  const add = (id: string, detail: string) => violations.push({ invariant: "I2", sort: "doubled", id, detail });
  const asks = asksById(records);
  for (const { room, entries } of ledgers.values()) {
    for (const [id, { length }] of groupBy(entries, ({ id }) => id)) if (length > 1) add(id, `${id} is ${length} times in the log of ${room}`);
    const sent = entries.filter(({ type, isScrubbed }) => type === "message.sent" && !isScrubbed);
    for (const [, same] of groupBy(sent, ({ digest }) => String(digest))) {
      const [first, ...others] = new Set(same.map(({ id }) => id));
      for (const id of others) add(id, `${first} and ${id} are one message of ${room}`);
    }
    for (const { id } of entries) if (!asks.has(id)) add(id, `${id} is in the log of ${room} and nobody asked it`);
  }
  for (const { id, room, code } of recordsOf(records, "fail")) {
    if (ledgers.get(room)?.withId(id).length) add(id, `${id} was refused (${code}) and is in the log of ${room}`);
  }
  return violations;
};
