// Kills a server that many people have a room open on, starts it again on the same file, and counts what their return costs.
// node benchmarks/reconnect-storm.mjs [clients]
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createChatClient } from "@chat-widget/client";
import { end } from "./processes/at-end.mjs";
import { Child } from "./processes/child.mjs";
import { scratchFolder } from "./processes/scratch.mjs";
import { machine } from "./report/machine.mjs";
import { writeReport } from "./report/write.mjs";

const room = "lobby";
const silent = { debug() {}, info() {}, warn() {}, error() {} };

async function measure(count) {
  const filename = join(scratchFolder("reconnect-storm"), "chat.db");
  const start = (port) => Child.start(new URL("reconnect-storm/server.mjs", import.meta.url), { filename, port, room });
  const first = await start(0);
  const port = await first.ask("port");
  await first.ask("say", 300);
  const clients = Array.from({ length: count }, () => createChatClient({ url: `http://127.0.0.1:${port}/chat`, logger: silent }));
  const rooms = clients.map((client) => client.room(room));
  const until = async (last) => {
    while (rooms.some((room) => room.getSnapshot().messages.at(-1)?.text !== last)) await pause(20);
  };
  await until("message 299");
  await first.ask("say", 20);
  await until("message 19");

  await first.kill();
  const second = await start(port);
  // So that everyone has missed something.
  await second.ask("say", 10);
  const before = performance.now();
  await until("message 9");
  const ms = Math.round(performance.now() - before);
  const cost = await second.ask("cost");
  for (const client of clients) client.close();
  await second.kill();
  return { clients: count, "caught up after ms": ms, ...cost };
}

const most = Number(process.argv[2] ?? 1_000);
const results = [];
try {
  for (const count of new Set([10, 100, most])) results.push(await measure(count));
  console.table(results);
  writeReport("reconnect-storm", { machine: machine(), results });
} finally {
  await end();
}
process.exit(0);
