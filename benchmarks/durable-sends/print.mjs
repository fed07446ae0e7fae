import { median, spread } from "../report/figures.mjs";
import { contestants } from "./contestants.mjs";

const names = { sqlite: "SQLite", postgres: "PostgreSQL" };
const whole = (value) => Math.round(value).toLocaleString("en");

/** How many times as many messages one acknowledges as another, round by round. */
export function ratio(results, of, to) {
  return spread(results[of].rounds.map(({ perSecond }, round) => perSecond / results[to].rounds[round].perSecond));
}

/** One table for a database and a number of rooms. */
export function printCase({ kind, rooms, otherCores, results }) {
  console.log(`\n${names[kind]}, ${rooms === 1 ? "everyone in one room" : `${rooms} rooms`}; other programs took ${otherCores} cores before it began`);
  const rows = Object.entries(results).map(([contestant, { rounds, check }]) => {
    const middle = (read) => median(rounds.map(read));
    const { median: perSecond, least, most } = spread(rounds.map((round) => round.perSecond));
    return {
      "": contestants[contestant].title,
      "messages/s": whole(perSecond),
      spread: `${whole(least)}–${whole(most)}`,
      "ack ms p50": middle(({ ackMs }) => ackMs.p50).toFixed(1),
      p99: middle(({ ackMs }) => ackMs.p99).toFixed(1),
      "told/s": whole(middle(({ toldPerSecond }) => toldPerSecond)),
      "cores: server": middle(({ cores }) => cores.server).toFixed(2),
      load: middle(({ cores }) => cores.load).toFixed(2),
      elsewhere: middle(({ cores }) => cores.elsewhere).toFixed(2),
      "lost, doubled": `${check.lost}, ${check.doubled} of ${whole(check.acknowledged)}`,
    };
  });
  console.table(Object.fromEntries(rows.map(({ "": title, ...row }) => [title, row])));
  const times = (of, to) => {
    const { median, least, most } = ratio(results, of, to);
    return `${median.toFixed(2)} × ${contestants[to].title} (${least.toFixed(2)}–${most.toFixed(2)})`;
  };
  console.log(`ours is ${times("ours", "single")}, ${times("ours", "plain")}, ${times("ours", "memory")}`);
}
