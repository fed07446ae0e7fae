import type { Check, Violation } from "./evidence.ts";
import { asksById, groupBy } from "./records.ts";

/** A change may rightly come too late: somebody deleted the message meanwhile. */
const isRightful = (type: string, code: string) => code === "conflict" && type !== "message.sent";

/** I11. */
export const askedIsDone: Check = ({ records, ledgers, killed }) => {
  const violations: Violation[] = [];
  const acked = new Set<string>();
  const failed = new Map<string, string>();
  for (const record of records) {
    if (record.kind === "ack" || record.kind === "done") acked.add(record.id);
    else if (record.kind === "fail") failed.set(record.id, record.code);
  }
  // A process that is killed between noting a wish and keeping it has lost one that nobody was told of.
  const byClient = groupBy(records, ({ client }) => client);
  const excused = new Set(
    killed.map(({ client, at }) => {
      const last = byClient.get(client)?.findLast((record) => record.at <= at);
      return last?.kind === "ask" ? last.id : undefined;
    }),
  );
  for (const [id, { type, room, client }] of asksById(records)) {
    const code = failed.get(id);
    if (code !== undefined && !isRightful(type, code)) violations.push({ invariant: "I11", detail: `${client} was refused ${type} ${id} (${code})` });
    const isThere = acked.has(id) || (ledgers.get(room)?.withId(id).length ?? 0) > 0;
    // A change that is refused is let go of, also when it was asked in an earlier life of the page.
    if (code === undefined && !isThere && !excused.has(id) && type === "message.sent") violations.push({ invariant: "I11", sort: "lost", id, detail: `${client} asked ${id} in ${room}, and nothing came of it` });
  }
  return violations;
};
