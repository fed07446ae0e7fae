import { messageDigest } from "../history/digest.ts";
import type { Check, Violation } from "./evidence.ts";
import type { Ledger } from "./ledger.ts";
import { recordsOf } from "./records.ts";

type Final = ReturnType<typeof recordsOf<"final">>[number];

/** I8: the screens, and the messages as the store folded them, are the fold of the log. */
export const allShowTheSame: Check = ({ records, ledgers, stragglers }) => {
  const violations: Violation[] = stragglers.map((detail) => ({ invariant: "I8", detail: `${detail} did not come to show the whole log in time` }));
  for (const ledger of ledgers.values()) {
    for (const stored of ledger.storedMessages) {
      const message = ledger.messages.get(stored.id);
      if (message === undefined || messageDigest(message) !== messageDigest(stored)) violations.push({ invariant: "I8", detail: `the store has ${stored.id} of ${ledger.room} in another state than its log` });
    }
    if (ledger.storedMessages.length !== ledger.messages.size) violations.push({ invariant: "I8", detail: `the store has ${ledger.storedMessages.length} messages of ${ledger.room} and its log ${ledger.messages.size}` });
  }
  // Whoever ended more than once, before and after a restart, is judged by the last.
  const finals = new Map(recordsOf(records, "final").map((final) => [`${final.client} ${final.room}`, final]));
  for (const final of finals.values()) {
    const ledger = ledgers.get(final.room);
    if (ledger !== undefined) violations.push(...compare(final, ledger));
  }
  return violations;
};

function compare({ client, room, from, lines, pending }: Final, ledger: Ledger): Violation[] {
  const violations: Violation[] = [];
  const add = (sort: "lost" | "doubled" | "disordered", id: string, detail: string) => violations.push({ invariant: "I8", sort, id, detail: `${client} in ${room} ${detail}` });
  const shown = new Map<string, number>();
  let before = 0;
  for (const [id, , , digest] of lines) {
    if (shown.has(id)) add("doubled", id, `shows ${id} twice`);
    shown.set(id, digest);
    const message = ledger.messages.get(id);
    if (message === undefined) {
      add("doubled", id, `shows ${id}, which the log does not have`);
      continue;
    }
    if (message.seq < before) add("disordered", id, `shows ${id} after a later message`);
    before = Math.max(before, message.seq);
    if (digest !== messageDigest(message)) add("disordered", id, `shows ${id} in another state than the log`);
  }
  for (const message of ledger.messages.values()) if (message.seq >= from && !shown.has(message.id)) add("lost", message.id, `does not show ${message.id}`);
  if (pending > 0) violations.push({ invariant: "I8", detail: `${client} in ${room} still shows ${pending} messages as not sent` });
  return violations;
}
