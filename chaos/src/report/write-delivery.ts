// Puts the figures of the last full run into docs/delivery.md.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ways } from "../baselines/wire.ts";
import { invariants } from "../checker/evidence.ts";
import { root } from "../sources/mutation.ts";
import { reportFile, type RunReport } from "./run-report.ts";

const page = join(root, "docs/delivery.md");
const report: RunReport = JSON.parse(readFileSync(join(root, reportFile), "utf8"));
if (report.form !== "full") throw new Error("unable to write docs/delivery.md; the last run was not the full form: npm run chaos");

const marks = /(?<=<!-- figures: .* -->\n)[\s\S]*?(?=<!-- end of figures -->)/;
const text = readFileSync(page, "utf8");
if (!marks.test(text)) throw new Error("unable to write docs/delivery.md; the marks of its figures are gone");
writeFileSync(page, text.replace(marks, () => `\n${figures(report)}\n`));

function figures({ scenarios, controls, baselines, leftOut, seed, date, machine, seconds }: RunReport): string {
  const sum = (name: "acknowledged" | "lost" | "doubled" | "disordered") => scenarios.reduce((total, result) => total + result[name], 0);
  const bound = Math.floor(sum("acknowledged") / 3);
  return [
    `\`npm run chaos -- --seed ${seed}\` on ${date}: ${machine}, ${Math.round(seconds / 60)} minutes. ` +
      `**${number(sum("acknowledged"))} commands acknowledged, ${sum("lost")} lost, ${sum("doubled")} doubled, ${sum("disordered")} out of order.**` +
      (sum("lost") + sum("doubled") + sum("disordered") === 0 ? ` Zero of so many means, with 95 % confidence, fewer than one in ${number(bound)}.` : ""),
    "### Faults",
    table(
      ["", "fault", "acknowledged", "lost", "doubled", "out of order", "converged", "most behind", "acknowledged (99 in 100)", "the same, bystanders", "server memory"],
      scenarios.map((result) => [
        result.id,
        result.title,
        number(result.acknowledged),
        result.lost,
        result.doubled,
        result.disordered,
        seconds1(result.convergeMs),
        seconds1(result.stalenessMs),
        seconds1(result.ackMs.p99),
        result.bystanderAckMs === undefined ? "" : seconds1(result.bystanderAckMs),
        `+${Math.round(result.rssGrowth / 2 ** 20)} MB`,
      ]),
    ),
    kills(scenarios),
    ...(leftOut.length > 0 ? [`Left out: ${leftOut.join("; ")}.`] : []),
    "### Plain Socket.IO under the same faults",
    table(
      ["way", "fault", "acknowledged", "lost", "doubled", "out of order"],
      baselines.map(({ way, id, title, acknowledged, lost, doubled, disordered }) => [ways[way], `${id}: ${title}`, number(acknowledged), lost, doubled, disordered]),
    ),
    "For a chat that waits for no answer, *acknowledged* means that it was handed to an open connection, as such chats take it. Each keeps its messages in SQLite, and reads them when a page opens.",
    "### Bugs made on purpose",
    table(
      ["bug", "under", "caught", "by the invariant"],
      controls.map(({ title, scenario, caughtBy, isCaught }) => [title, scenario, isCaught ? "yes" : "**no**", `${caughtBy}: ${invariants[caughtBy]}`]),
    ),
    "",
  ].join("\n\n");
}

function kills(scenarios: RunReport["scenarios"]): string {
  const waits = scenarios.flatMap(({ id, firstAckMs }) => (firstAckMs.length > 0 ? [`${id} ${firstAckMs.map(seconds1).join(", ")}`] : []));
  return `From the kill of a server until the first command asked after it was acknowledged, the time it was away included: ${waits.join("; ")}.`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [head, head.map((_, column) => (rows.every((row) => typeof row[column] === "number" || /^[+\d ,.]+( s| MB)?$|^$/.test(String(row[column]))) ? "--:" : "---")), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function number(value: number): string {
  return value.toLocaleString("en").replaceAll(",", " ");
}

function seconds1(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
