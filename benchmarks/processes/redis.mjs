import { spawn } from "node:child_process";
import { once } from "node:events";
import { createConnection } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { ensureProgram } from "../../scripts/ensure-program.mjs";
import { atEnd } from "./at-end.mjs";

/** Starts a Redis that keeps nothing, and gives what kills it. */
export async function startRedis(port) {
  const redis = spawn(ensureProgram("redis-server"), ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], { stdio: "ignore" });
  const kill = async () => {
    if (redis.exitCode !== null || redis.signalCode !== null) return;
    const ended = once(redis, "exit");
    redis.kill("SIGKILL");
    await ended;
  };
  atEnd(kill);
  while (!(await answers(port))) await pause(20);
  return kill;
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
