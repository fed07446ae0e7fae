import type { Evidence, Violation } from "../checker/evidence.ts";
import { asksById, recordsOf } from "../checker/records.ts";
import { worstStaleness } from "../checker/staleness.ts";

/** What one run came to. */
export interface Figures {
  asked: number;
  acknowledged: number;
  lost: number;
  doubled: number;
  disordered: number;
  violations: Violation[];
  /** From the first wish until its acknowledgement, in milliseconds. */
  ackMs: { p50: number; p99: number; max: number };
  /** The same for 99 in 100 of those whose own network was not harmed while others' was. */
  bystanderAckMs: number | undefined;
  /** From each kill of a server until the first command that was asked after it was acknowledged. */
  firstAckMs: number[];
  stalenessMs: number;
  resets: number;
  /** Bytes. */
  rssGrowth: number;
}

export interface ScenarioResult extends Figures {
  id: string;
  title: string;
  /** From the end of the harm until everybody showed the whole log. */
  convergeMs: number;
  healedAt: number;
  /** What the server logged as warnings and errors. */
  complaints: string[];
  seconds: number;
}

export function figuresOf(evidence: Evidence, violations: Violation[], kills: readonly number[]): Figures {
  const { records } = evidence;
  const asks = asksById(records);
  const settled = new Map<string, number>();
  for (const record of records) if ((record.kind === "ack" || record.kind === "done") && !settled.has(record.id)) settled.set(record.id, record.at);
  const harmed = new Set(evidence.windows.flatMap(({ clients = [] }) => clients));
  const waitsOf = (isOne: (client: string) => boolean) =>
    [...settled]
      .flatMap(([id, at]) => {
        const ask = asks.get(id);
        return ask !== undefined && isOne(ask.client) ? [at - ask.at] : [];
      })
      .sort((a, b) => a - b);
  const waits = waitsOf(() => true);
  const bystanders = harmed.size > 0 ? waitsOf((client) => !harmed.has(client)) : [];
  const count = (sort: Violation["sort"]) => new Set(violations.filter((violation) => violation.sort === sort).map(({ id, detail }) => id ?? detail)).size;
  return {
    asked: asks.size,
    acknowledged: settled.size,
    lost: count("lost"),
    doubled: count("doubled"),
    disordered: count("disordered"),
    violations,
    ackMs: { p50: quantile(waits, 0.5), p99: quantile(waits, 0.99), max: quantile(waits, 1) },
    bystanderAckMs: bystanders.length > 0 ? quantile(bystanders, 0.99) : undefined,
    firstAckMs: kills.flatMap((killedAt) => {
      const first = Math.min(...[...settled].filter(([id]) => (asks.get(id)?.at ?? 0) > killedAt).map(([, at]) => at));
      return Number.isFinite(first) ? [Math.round(first - killedAt)] : [];
    }),
    stalenessMs: Math.round(worstStaleness(evidence).ms),
    resets: recordsOf(records, "reset").length,
    rssGrowth: evidence.resources.rssGrowth,
  };
}

function quantile(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
}
