import type { Check, Violation } from "./evidence.ts";
import { recordsOf, groupBy } from "./records.ts";
import type { Ledger } from "./ledger.ts";

type View = ReturnType<typeof recordsOf<"view">>[number];

/**
 * I4. What a screen shows says how far it is: the highest event on any of its lines. Up to there it must show exactly
 * the log, folded: no message missing, no line older or newer. So a cursor that jumped over a hole is seen at once.
 */
export const screensAreTheLog: Check = ({ records, ledgers }) => {
  const violations: Violation[] = [];
  for (const [, views] of groupBy(recordsOf(records, "view"), ({ client, room }) => `${client} ${room}`)) {
    const ledger = ledgers.get(views[0]?.room ?? "");
    if (ledger !== undefined) violations.push(...replay(views, ledger));
  }
  return violations;
};

function replay(views: readonly View[], ledger: Ledger): Violation[] {
  const shown = new Map<string, number>();
  const opaque = new Set<string>();
  const violations: Violation[] = [];
  let place = 0;
  let start = 0;
  for (const view of views) {
    const add = (detail: string) => violations.push({ invariant: "I4", sort: "disordered", detail: `${view.client} in ${view.room} ${detail}` });
    for (const id of view.opaque) opaque.add(id);
    for (const [id, seq, rev] of view.lines) {
      if (ledger.messages.get(id)?.seq !== seq) add(`showed ${id} at ${seq}, where the log does not have it`);
      shown.set(id, rev);
    }
    const reached = view.lines.reduce((highest, [, , rev]) => Math.max(highest, rev), 0);
    // A window that begins anew is judged from its first line on; one that grew, from where it was judged last.
    const from = view.from === start ? place + 1 : view.from;
    if (view.from !== start && reached < place) add(`went back from ${place} to ${reached}`);
    start = view.from;
    place = Math.max(place, reached);
    for (let seq = from; seq <= place; seq++) {
      const entry = ledger.at(seq);
      const message = entry && ledger.messages.get(entry.messageId);
      if (message === undefined || message.seq < view.from || opaque.has(message.id)) continue;
      const [is, must] = [shown.get(message.id) ?? 0, ledger.revAt(message.id, place)];
      if (is !== must) add(`had come to ${place} and showed ${message.id} as of ${is} instead of ${must}`);
    }
  }
  return violations;
}
