import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { median } from "./figures.mjs";

/** What a benchmark ran on: figures mean nothing without it. */
export function machine() {
  return {
    processor: cpus()[0]?.model ?? process.arch,
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  };
}

/** Milliseconds of processor time that the whole machine has used. */
export function machineCpuMs() {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}

/** How many cores are in use while a benchmark stands still: what other programs take from it. */
export async function coresInUse(ms) {
  const [before, began] = [machineCpuMs(), performance.now()];
  await pause(ms);
  return Number(((machineCpuMs() - before) / (performance.now() - began)).toFixed(2));
}

/** Milliseconds until the disk below a folder says that it has 4 KB; one commit cannot be quicker. */
export function fsyncMs(folder) {
  const filename = join(folder, "fsync-probe");
  const file = openSync(filename, "w");
  const block = Buffer.alloc(4_096);
  const times = Array.from({ length: 200 }, () => {
    writeSync(file, block);
    const before = performance.now();
    fdatasyncSync(file);
    return performance.now() - before;
  });
  closeSync(file);
  rmSync(filename);
  return Number(median(times).toFixed(3));
}
