import type { Check, Evidence, Violation } from "./evidence.ts";
import { groupBy, recordsOf } from "./records.ts";

/** What is promised (10 s), and what a busy machine may add. */
const longestMs = 12_000;

/** How long after anybody knew of an event the last connected client heard of it, outside of faults of its own. */
export function worstStaleness(evidence: Evidence): { ms: number; detail: string } {
  let worst = { ms: 0, detail: "nothing was told" };
  const known = firstKnown(evidence);
  for (const [client, records] of groupBy(evidence.records, ({ client }) => client)) {
    const links = recordsOf(records, "link");
    const heard = new Set<string>();
    const own = evidence.windows.filter(({ clients }) => clients?.includes(client) ?? true);
    for (const { room, at, events } of recordsOf(records, "hear")) {
      for (const [seq] of events) {
        const key = `${room} ${seq}`;
        const since = known.get(key) ?? at;
        const isFirst = !heard.has(key);
        heard.add(key);
        if (!isFirst || at - since <= worst.ms) continue;
        // Connected all the time, and not held back by the fault itself.
        const wasUp = links.findLast((link) => link.at <= since)?.isUp === true && !links.some((link) => link.at > since && link.at <= at && !link.isUp);
        const wasHealthy = !own.some(({ from, to }) => from <= at && to >= since);
        if (wasUp && wasHealthy) worst = { ms: at - since, detail: `${client} heard ${seq} of ${room} ${Math.round(at - since)} ms after it was known` };
      }
    }
  }
  return worst;
}

/** I9. */
export const nobodyIsBehind: Check = (evidence): Violation[] => {
  const { ms, detail } = worstStaleness(evidence);
  return ms > longestMs ? [{ invariant: "I9", detail }] : [];
};

function firstKnown({ records }: Evidence): Map<string, number> {
  const known = new Map<string, number>();
  const learn = (key: string, at: number) => known.has(key) || known.set(key, at);
  for (const record of records) {
    if (record.kind === "ack" && record.seq !== undefined) learn(`${record.room} ${record.seq}`, record.at);
    else if (record.kind === "hear") for (const [seq] of record.events) learn(`${record.room} ${seq}`, record.at);
  }
  return known;
}
