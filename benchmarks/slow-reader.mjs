// What one reader who stops reading costs the server and everybody else, in a room with 50 messages of 2 KB a second:
// first one with our client whose network stands still, then one that stops reading and goes on answering heartbeats.
// node benchmarks/slow-reader.mjs [--stopped 60]
import { join } from "node:path";
import { parseArgs } from "node:util";
import { setTimeout as pause } from "node:timers/promises";
import { end } from "./processes/at-end.mjs";
import { Child } from "./processes/child.mjs";
import { scratchFolder } from "./processes/scratch.mjs";
import { machine } from "./report/machine.mjs";
import { writeReport } from "./report/write.mjs";

const { values } = parseArgs({ options: { stopped: { type: "string", default: "60" } } });
const seconds = { warmUp: 10, before: 14, stopped: Number(values.stopped), after: 14 };
const load = { room: "lobby", readers: 50, perSecond: 50, bytes: 2_048 };

async function measure() {
  const program = (name) => new URL(`slow-reader/${name}.mjs`, import.meta.url);
  const server = await Child.start(program("server"), { filename: join(scratchFolder("slow-reader"), "chat.db") }, ["--expose-gc"]);
  const port = await server.ask("port");
  const reader = await Child.start(program("reader"), { port, room: load.room });
  const stubborn = await Child.start(program("stubborn-reader"), { port, room: load.room });
  const crowd = await Child.start(program("crowd"), { port, ...load });

  /** Looks at the server every two seconds: looking costs a collection, so it is done as often in every phase. */
  const watch = async (ms) => {
    const looks = [];
    await crowd.ask("latency");
    for (const until = performance.now() + ms; performance.now() < until; ) {
      await pause(2_000);
      looks.push(await server.ask("memory"));
    }
    const most = (name) => Math.max(...looks.map((look) => look[name]));
    return { latencyMs: await crowd.ask("latency"), peak: { rssMb: most("rssMb"), heapMb: most("heapMb"), externalMb: most("externalMb") }, last: looks.at(-1) };
  };

  await crowd.ask("start");
  await watch(seconds.warmUp * 1_000);
  const before = await watch(seconds.before * 1_000);
  const stoppedAt = Date.now();
  await reader.ask("stop");
  const frozenAt = await reader.ask("newest");
  const stopped = await watch(seconds.stopped * 1_000);
  const isStill = frozenAt === (await reader.ask("newest"));
  await reader.ask("goOn");
  const after = await watch(seconds.after * 1_000);
  const letGoAfterS = await server.ask("endedAfter", stoppedAt);

  const stubbornAt = Date.now();
  await stubborn.ask("stop");
  const stubbornlyStopped = await watch(seconds.stopped * 1_000);
  await stubborn.ask("goOn");
  const afterwards = await watch(seconds.after * 1_000);
  const cutAfterS = await server.ask("endedAfter", stubbornAt);

  const sent = await crowd.ask("stop");
  const caughtUpMs = await reader.ask("sees", sent.at(-1));
  const history = await reader.ask("history");
  const isWhole = history.length === sent.length && history.every((id, place) => id === sent[place]);
  return {
    phases: { before, stopped, after, "stubbornly stopped": stubbornlyStopped, afterwards },
    reader: { isStill, isWhole, sent: sent.length, shown: history.length, letGoAfterS, caughtUpMs, connections: await reader.ask("connections") },
    stubborn: { cutAfterS },
  };
}

let result;
try {
  result = await measure();
  writeReport("slow-reader", { machine: machine(), load, seconds, ...result });
} finally {
  await end();
}
const { phases, reader, stubborn } = result;
console.log(`${load.readers} readers and 1 that stops reading for ${seconds.stopped} s; ${load.perSecond} messages of ${load.bytes} bytes a second`);
console.table(
  Object.fromEntries(
    Object.entries(phases).map(([phase, { latencyMs, peak, last }]) => [
      phase,
      { "delivered ms p50": latencyMs.p50.toFixed(1), p99: latencyMs.p99.toFixed(1), "server MB": last.rssMb, "at most": peak.rssMb, "heap MB": last.heapMb, "heap at most": peak.heapMb, "external MB": last.externalMb, "external at most": peak.externalMb },
    ]),
  ),
);
const ended = (after) => (after === undefined ? "was kept" : `was let go after ${after} s`);
console.log(`the reader ${ended(reader.letGoAfterS)}; it shows ${reader.shown} of ${reader.sent} messages${reader.isWhole ? ", each once and in order" : ""}, over ${reader.connections} connections`);
console.log(`the stubborn one ${ended(stubborn.cutAfterS)}`);
if (!reader.isWhole || !reader.isStill) throw new Error(reader.isStill ? "unable to trust the reader; it does not show what was sent" : "unable to measure; the reader read on");
