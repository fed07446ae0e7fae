import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it, onTestFinished } from "vitest";
import { connect } from "../test-client.js";
import { roomId } from "./cluster.js";

interface Line {
  event: "listening" | "connected";
  worker: number;
  port?: number;
}

/** Starts the program; it ends with the test. */
function start(): { program: ChildProcess; lines: Line[] } {
  const program = spawn(process.execPath, [join(import.meta.dirname, "node-cluster-program.mjs")], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(async () => {
    const ended = once(program, "exit");
    program.kill("SIGKILL");
    await ended;
  });
  const lines: Line[] = [];
  createInterface(program.stdout).on("line", (line) => lines.push(JSON.parse(line)));
  return { program, lines };
}

it("works on the workers of node:cluster, also when one of them is killed", { timeout: 60_000 }, async () => {
  const { lines } = start();
  await expect.poll(() => lines.filter(({ event }) => event === "listening"), { timeout: 30_000 }).toHaveLength(2);
  const origin = `http://127.0.0.1:${lines[0]?.port}`;
  /** Connects, and says which worker took it. */
  const join = async () => {
    const before = lines.filter(({ event }) => event === "connected").length;
    const client = await connect(origin);
    await client.ask("room:join", { roomId });
    await expect.poll(() => lines.filter(({ event }) => event === "connected")[before]).toBeDefined();
    return { client, worker: lines.filter(({ event }) => event === "connected")[before]?.worker ?? 0 };
  };
  const members = [await join(), await join(), await join(), await join()];
  expect(new Set(members.map(({ worker }) => worker)).size).toBe(2);
  const sameOrder = async (length: number, among: typeof members) => {
    for (const { client } of among) await expect.poll(() => client.events(roomId).length, { timeout: 10_000 }).toBe(length);
    const [first = [], ...others] = among.map(({ client }) => client.events(roomId).map(({ id }) => id));
    for (const order of others) expect(order).toEqual(first);
  };
  await Promise.all(members.flatMap(({ client }, index) => Array.from({ length: 10 }, (_, n) => client.send(roomId, `${index} ${n}`))));
  await sameOrder(40, members);
  const [ann] = members;
  await ann?.client.hears("presence:changed", ({ count }) => count === 4);

  const killed = members.find(({ worker }) => worker !== ann?.worker)?.worker ?? 0;
  process.kill(killed, "SIGKILL");
  const left = members.filter(({ worker }) => worker !== killed);
  await Promise.all(left.map(({ client }) => client.send(roomId, "still here")));
  await sameOrder(40 + left.length, left);
  await ann?.client.hears("presence:changed", ({ count }) => count === left.length);
});
