import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { driverNames } from "./drivers-under-test.js";
import { sqliteStoreOn } from "./sqlite-store.js";

const rooms = ["a", "b", "c"];

/** A program that appends pairs of messages to every room at once, without end, and prints each text once it is acknowledged. */
const program = (driver: string, filename: string) => `
  import { sqliteStoreOn } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, "sqlite-store.ts")).href)};
  const store = sqliteStoreOn(${JSON.stringify(driver)}, { filename: ${JSON.stringify(filename)} });
  const sending = (text) => ({ draft: { type: "message.sent", id: crypto.randomUUID(), author: { id: "ann", name: "Ann" }, text }, at: 1, fingerprint: text });
  await store.open();
  for (const room of ${JSON.stringify(rooms)}) void fill(room);
  async function fill(room) {
    for (let n = 1; ; n += 2) {
      await store.append(room, [sending(String(n)), sending(String(n + 1))]);
      process.stdout.write(room + " " + (n + 1) + "\\n");
    }
  }`;

let folder: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sqlite-crash-"));
});
afterEach(async () => {
  child?.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

it.each(driverNames)("keeps a second process out, and has every acknowledged message after the first was killed, opening at once, on %s", async (driver) => {
  const filename = join(folder, "chat.db");
  const script = join(folder, "append.mjs");
  await writeFile(script, program(driver, filename));
  const running = spawn(process.execPath, [...process.execArgv, script], { stdio: ["ignore", "pipe", "inherit"] });
  child = running;
  const ended = once(running, "exit");
  const acknowledged = new Map(rooms.map((room) => [room, 0]));
  for await (const line of createInterface(running.stdout)) {
    const [room = "", text] = line.split(" ");
    acknowledged.set(room, Number(text));
    if ([...acknowledged.values()].every((count) => count >= 50)) break;
  }
  await expect(sqliteStoreOn(driver, { filename }).open()).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("another server has it open") });
  expect(running.exitCode).toBeNull();
  running.kill("SIGKILL");
  await ended;

  const store = sqliteStoreOn(driver, { filename });
  await store.open();
  for (const room of rooms) {
    const log = await store.eventsAfter(room, 0, 1_000_000);
    const { messages } = await store.messages(room, { limit: 1_000_000 });
    const count = messages.length;
    expect(count).toBeGreaterThanOrEqual(acknowledged.get(room) ?? Infinity);
    expect(acknowledged.get(room)).toBeGreaterThanOrEqual(50);
    // Whole batches, in order, without a hole.
    expect(count % 2).toBe(0);
    expect(messages.map(({ seq, text }) => [seq, text])).toEqual(messages.map((_, n) => [n + 1, String(n + 1)]));
    expect(log).toMatchObject({ head: count, events: { length: count } });
  }
  await store.close();
});
