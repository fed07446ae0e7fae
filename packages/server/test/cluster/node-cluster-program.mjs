// A chat on two workers of node:cluster, on one port, with @socket.io/cluster-adapter. The store they share lives in the
// primary, which answers for it over the channel between processes. Prints one JSON a line: where it listens, who connected.
import cluster from "node:cluster";
import { createServer } from "node:http";
import { join } from "node:path";
import { createAdapter, setupPrimary } from "@socket.io/cluster-adapter";
import { createServer as createVite } from "vite";

const packages = join(import.meta.dirname, "../../..");
const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

/** Runs the sources of the workspace. */
async function load(path) {
  const vite = await createVite({
    configFile: false,
    root: packages,
    server: { middlewareMode: true, ws: false },
    optimizeDeps: { noDiscovery: true },
    logLevel: "error",
    resolve: { alias: [{ find: /^@chat-widget\/(\w+)$/, replacement: `${packages}/$1/src/index.ts` }] },
  });
  return vite.ssrLoadModule(path);
}

async function runPrimary() {
  const { memoryStore } = await load("/server/src/stores/memory-store.ts");
  const store = memoryStore();
  setupPrimary();
  cluster.setupPrimary({ serialization: "advanced" });
  cluster.on("message", async (worker, message) => {
    if (message.print !== undefined) return print({ ...message.print, worker: worker.process.pid });
    if (message.call === undefined) return;
    const answer = await store[message.method](...message.input).then(
      (result) => ({ result }),
      (error) => ({ error: error.toJSON() }),
    );
    worker.send({ answerTo: message.call, ...answer });
  });
  for (let n = 0; n < 2; n++) cluster.fork();
}

/** The primary's store, seen from a worker. */
function remoteStore(ChatError) {
  const waiting = new Map();
  process.on("message", ({ answerTo, result, error }) => {
    const call = waiting.get(answerTo);
    if (call === undefined) return;
    waiting.delete(answerTo);
    if (error === undefined) call.resolve(result);
    else call.reject(new ChatError(error));
  });
  let calls = 0;
  const ask = (method) => (...input) =>
    new Promise((resolve, reject) => {
      waiting.set(++calls, { resolve, reject });
      process.send({ call: calls, method, input });
    });
  return new Proxy({ close: async () => undefined }, { get: (own, method) => own[method] ?? ask(method) });
}

async function runWorker() {
  const { createChatServer, ChatError } = await load("/server/src/index.ts");
  const { fastClock } = await load("/server/test/cluster/fast-clock.ts");
  const server = createServer();
  const onConnect = () => process.send({ print: { event: "connected" } });
  createChatServer(server, { store: remoteStore(ChatError), adapter: createAdapter(), guests: true, clock: fastClock, onConnect });
  server.listen(0, "127.0.0.1", () => process.send({ print: { event: "listening", port: server.address().port } }));
}

await (cluster.isPrimary ? runPrimary() : runWorker());
