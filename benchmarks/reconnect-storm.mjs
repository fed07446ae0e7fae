// Kills a server that many people have a room open on, starts it again on the same file, and counts what their return costs.
// Run after `pnpm build`: node benchmarks/reconnect-storm.mjs [clients]
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createChatClient } from "../packages/client/dist/index.js";
import { createChatServer } from "../packages/server/dist/index.js";
import { sqliteStore } from "../packages/server/dist/sqlite.js";

const roomId = "lobby";

/** The server, in a process of its own; counts the reads of its store. */
async function serve(filename, port) {
  const reads = {};
  const store = new Proxy(sqliteStore({ filename }), {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...input) => {
        reads[name] = (reads[name] ?? 0) + 1;
        return value.apply(target, input);
      };
    },
  });
  const http = createServer();
  const chat = createChatServer(http, { store, guests: true });
  http.listen(port, "127.0.0.1");
  await once(http, "listening");
  process.on("message", async ({ say }) => {
    for (let n = 0; n < (say ?? 0); n++) await chat.room(roomId).send({ author: { id: "bot", name: "Bot" }, text: `message ${n}` });
    process.send({ reads, rssMb: Math.round(process.memoryUsage().rss / 1_048_576) });
  });
  process.send({ port: http.address().port });
}

async function measure(count) {
  const folder = mkdtempSync(join(tmpdir(), "reconnect-storm-"));
  const start = async (port) => {
    const server = fork(import.meta.filename, ["serve", join(folder, "chat.db"), String(port)]);
    const [ready] = await once(server, "message");
    const ask = async (message) => {
      server.send(message);
      const [answer] = await once(server, "message");
      return answer;
    };
    return { server, ask, port: ready.port };
  };
  const first = await start(0);
  await first.ask({ say: 300 });
  const clients = Array.from({ length: count }, () => createChatClient({ url: `http://127.0.0.1:${first.port}/chat`, logger: silent }));
  const rooms = clients.map((client) => client.room(roomId));
  const missing = (last) => rooms.filter((room) => room.getSnapshot().messages.at(-1)?.text !== last).length;
  const until = async (last) => {
    while (missing(last) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await until("message 299");
  await first.ask({ say: 20 });
  await until("message 19");

  first.server.kill("SIGKILL");
  const second = await start(first.port);
  // So that everyone has missed something.
  await second.ask({ say: 10 });
  const before = performance.now();
  await until("message 9");
  const ms = Math.round(performance.now() - before);
  const { reads, rssMb } = await second.ask({});
  for (const client of clients) client.close();
  second.server.kill();
  await once(second.server, "exit");
  rmSync(folder, { recursive: true });
  return { clients: count, "caught up after ms": ms, "server MB": rssMb, heads: 0, eventsAfter: 0, messages: 0, receipts: 0, ...pick(reads) };
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const pick = ({ heads = 0, eventsAfter = 0, messages = 0, receipts = 0 }) => ({ heads, eventsAfter, messages, receipts });

if (process.argv[2] === "serve") await serve(process.argv[3], Number(process.argv[4]));
else {
  const most = Number(process.argv[2] ?? 1_000);
  const results = [];
  for (const count of new Set([10, 100, most])) results.push(await measure(count));
  console.table(results);
  process.exit(0);
}
