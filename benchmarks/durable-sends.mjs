// How many messages a second the server commits and acknowledges when 100 people each wait for an acknowledgement before
// they send again; beside one commit per message, the usual way with Socket.IO alone, and no database at all.
// node benchmarks/durable-sends.mjs [--only sqlite] [--rooms 1] [--rounds 4] [--seconds 2] [--profile folder]
import { join } from "node:path";
import { parseArgs } from "node:util";
import { contestants } from "./durable-sends/contestants.mjs";
import { Entrant } from "./durable-sends/entrant.mjs";
import { printCase } from "./durable-sends/print.mjs";
import { end } from "./processes/at-end.mjs";
import { postgresIn } from "./processes/postgres.mjs";
import { scratchFolder } from "./processes/scratch.mjs";
import { coresInUse, fsyncMs, machine } from "./report/machine.mjs";
import { writeReport } from "./report/write.mjs";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    rooms: { type: "string" },
    rounds: { type: "string", default: "4" },
    seconds: { type: "string", default: "2" },
    /** Writes a CPU profile of our server into this folder. */
    profile: { type: "string" },
  },
});
const senders = 100;
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
const kinds = values.only ? [values.only] : ["sqlite", "postgres"];
const roomCounts = values.rooms ? [Number(values.rooms)] : [1, senders];

/** All contestants on one database, in turns, so that what happens to the machine happens to all of them. */
async function compete(kind, rooms, placeFor) {
  const entrants = {};
  for (const contestant of Object.keys(contestants)) {
    const execArgv = values.profile && contestant === "ours" ? ["--cpu-prof", `--cpu-prof-dir=${values.profile}`, `--cpu-prof-name=${kind}-${rooms}.cpuprofile`] : [];
    entrants[contestant] = await Entrant.enter({ contestant, kind, place: await placeFor(`${contestant}_${rooms}`), senders, rooms, execArgv });
  }
  const all = Object.values(entrants);
  const otherCores = await coresInUse(1_000);
  // Until the compiler has seen what is hot.
  for (const entrant of all) await entrant.run(1);
  for (let round = 0; round < rounds; round++) for (const entrant of all) await entrant.round(seconds);
  const results = {};
  for (const [contestant, entrant] of Object.entries(entrants)) {
    results[contestant] = { rounds: entrant.rounds, check: await entrant.check() };
    await entrant.leave();
  }
  return { kind, rooms, otherCores, results };
}

const cases = [];
try {
  const folder = scratchFolder("durable-sends");
  const fsync = fsyncMs(folder);
  console.log(`${senders} senders, ${rounds} rounds of ${seconds} s each in turns; the disk takes ${fsync} ms for a write${fsync < 0.02 ? ": there is no disk here, set TMPDIR to a folder on one" : ""}`);
  for (const kind of kinds) {
    const placeFor = kind === "postgres" ? await postgresIn(folder) : (name) => join(folder, `${name}.db`);
    for (const rooms of roomCounts) {
      cases.push(await compete(kind, rooms, placeFor));
      printCase(cases.at(-1));
    }
  }
  writeReport("durable-sends", { machine: { ...machine(), fsyncMs: fsync }, senders, rounds, seconds, cases });
} finally {
  await end();
}
const wrong = cases.flatMap(({ results }) => Object.values(results)).filter(({ check }) => check.lost + check.doubled > 0 || check.acknowledged === 0);
if (wrong.length > 0) throw new Error("unable to trust these figures; what was acknowledged is not what is stored");
