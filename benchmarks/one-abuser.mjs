// What one abuser costs everybody else: how long messages take to reach the readers of a busy room while nobody abuses
// the server, and while one does, in turns; by writing, reading, large packets, and coming and going.
// node benchmarks/one-abuser.mjs [--rounds 3] [--seconds 5]
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { end } from "./processes/at-end.mjs";
import { Child } from "./processes/child.mjs";
import { scratchFolder } from "./processes/scratch.mjs";
import { spread } from "./report/figures.mjs";
import { coresInUse, machine } from "./report/machine.mjs";
import { writeReport } from "./report/write.mjs";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "3" }, seconds: { type: "string", default: "5" } } });
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
/** The writer keeps to the limits of one user. */
const load = { room: "lobby", readers: 50, perSecond: 8, bytes: 500 };
const warmUpMs = 5_000;
/** After an abuser has left, until what it began is over. */
const calmMs = 500;

async function measure() {
  const program = (name) => new URL(name, import.meta.url);
  const quiet = await coresInUse(2_000);
  const server = await Child.start(program("one-abuser/server.mjs"), { filename: join(scratchFolder("one-abuser"), "chat.db") });
  const port = await server.ask("port");
  const crowd = await Child.start(program("slow-reader/crowd.mjs"), { port, ...load });
  const abuser = await Child.start(program("one-abuser/abuser.mjs"), { port, room: load.room });
  const phase = async () => {
    await crowd.ask("latency");
    const cpu = await server.ask("cpu");
    await pause(seconds * 1_000);
    return { ...(await crowd.ask("latency")), serverCores: ((await server.ask("cpu")) - cpu) / (seconds * 1_000) };
  };

  await crowd.ask("start");
  await pause(warmUpMs);
  const results = {};
  for (let round = 0; round < rounds; round++) {
    for (const kind of await abuser.ask("kinds")) {
      const calm = await phase();
      await abuser.ask("start", kind);
      const abused = await phase();
      const did = await abuser.ask("stop");
      await pause(calmMs);
      (results[kind] ??= []).push({ calm, abused, did, ratio: abused.p99 / calm.p99 });
    }
  }
  const sent = await crowd.ask("stop");
  return { coresInUseBefore: quiet, sent: sent.length, results };
}

let result;
try {
  result = await measure();
  writeReport("one-abuser", { machine: machine(), load, rounds, seconds, ...result });
} finally {
  await end();
}
console.log(`${load.readers} readers, ${load.perSecond} messages of ${load.bytes} bytes a second; ${rounds} rounds of ${seconds} s calm and ${seconds} s abused; ${result.coresInUseBefore} cores in use before`);
const ms = (phases, name) => spread(phases.map((each) => each[name])).median.toFixed(1);
console.table(
  Object.fromEntries(
    Object.entries(result.results).map(([kind, phases]) => {
      const [calm, abused] = [phases.map((phase) => phase.calm), phases.map((phase) => phase.abused)];
      const ratio = spread(phases.map((phase) => phase.ratio));
      const did = phases.map((phase) => phase.did);
      const each = (name) => Math.round(spread(did.map((one) => one[name])).median / seconds);
      return [
        kind,
        {
          "calm ms p50": ms(calm, "p50"),
          "p99": ms(calm, "p99"),
          "abused p50": ms(abused, "p50"),
          "abused p99": ms(abused, "p99"),
          "p99 ratio": `${ratio.median.toFixed(2)} (${ratio.least.toFixed(2)} to ${ratio.most.toFixed(2)})`,
          "asked/s": each("asked"),
          "done/s": each("done"),
          "connections/s": each("connections"),
          "server cores": Number(ms(abused, "serverCores")),
        },
      ];
    }),
  ),
);
