// What people notice when Redis is away for a while, under load: those on the server of the writer, and those on another.
// node benchmarks/broker-away.mjs [--away 10]
import { parseArgs } from "node:util";
import { setTimeout as pause } from "node:timers/promises";
import { end } from "./processes/at-end.mjs";
import { Child } from "./processes/child.mjs";
import { freePort } from "./processes/free-port.mjs";
import { postgresIn } from "./processes/postgres.mjs";
import { startRedis } from "./processes/redis.mjs";
import { scratchFolder } from "./processes/scratch.mjs";
import { machine } from "./report/machine.mjs";
import { writeReport } from "./report/write.mjs";

const { values } = parseArgs({ options: { away: { type: "string", default: "10" } } });
const seconds = { warmUp: 5, before: 10, away: Number(values.away), back: 6, after: 10 };
const load = { readers: 20, perSecond: 40, bytes: 200 };

async function measure() {
  const redisPort = await freePort();
  let killRedis = await startRedis(redisPort);
  const database = await (await postgresIn(scratchFolder("broker-away")))("chat");
  const program = (name) => new URL(name, import.meta.url);
  const servers = await Promise.all([1, 2].map(() => Child.start(program("broker-away/server.mjs"), { redisPort, database })));
  const [port, otherPort] = await Promise.all(servers.map((server) => server.ask("port")));
  const crowds = {
    "same server": await Child.start(program("slow-reader/crowd.mjs"), { port, room: "same", ...load }),
    "other server": await Child.start(program("slow-reader/crowd.mjs"), { port, readersPort: otherPort, room: "other", ...load }),
  };
  const each = (run) => Promise.all(Object.values(crowds).map(run));
  let delivered = 0;
  const phase = async (length) => {
    await pause(length * 1_000);
    const latencies = await each((crowd) => crowd.ask("latency"));
    for (const { deliveries } of latencies) delivered += deliveries;
    return Object.fromEntries(Object.keys(crowds).map((name, index) => [name, latencies[index]]));
  };
  await each((crowd) => crowd.ask("start"));
  await phase(seconds.warmUp);
  const before = await phase(seconds.before);
  await killRedis();
  const away = await phase(seconds.away);
  const bus = (await servers[0].ask("status")).bus;
  killRedis = await startRedis(redisPort);
  const back = await phase(seconds.back);
  const after = await phase(seconds.after);
  const sent = await each((crowd) => crowd.ask("stop"));
  await phase(2);
  return { phases: { before, away, back, after }, bus, acknowledged: sent.flat().length, missing: sent.flat().length * load.readers - delivered };
}

let result;
try {
  result = await measure();
  writeReport("broker-away", { machine: machine(), load, seconds, ...result });
} finally {
  await end();
}
const { phases, bus, acknowledged, missing } = result;
console.log(`Redis is killed and comes back empty after ${seconds.away} s; ${load.perSecond} messages a second to ${load.readers} readers on each side`);
console.table(
  Object.fromEntries(
    Object.entries(phases).map(([phase, sides]) => [phase, Object.fromEntries(Object.entries(sides).flatMap(([side, { p50, p99 }]) => [[`${side}: delivered ms p50`, p50.toFixed(1)], [`${side}: p99`, p99.toFixed(1)]]))]),
  ),
);
console.log(`${acknowledged} messages acknowledged, ${missing} deliveries missing or doubled; meanwhile the servers called the way between them ${bus}`);
if (missing !== 0) throw new Error("unable to accept the run; not everybody was told everything once");
