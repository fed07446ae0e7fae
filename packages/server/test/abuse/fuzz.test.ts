import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Handshake, ReplyEnvelope, commands, defineEvents } from "@chat-widget/protocol";
import * as z from "zod";
import { RawSocket } from "../raw-socket.js";
import { Line } from "./fuzz/line.js";
import { mutated } from "./fuzz/mutations.js";
import { packets } from "./fuzz/raw-packets.js";
import { type RawRequest, requests } from "./fuzz/raw-requests.js";
import { valuesOf } from "./fuzz/valid-values.js";
import { underOracle } from "./oracle.js";
import { Poller } from "./request.js";

/** About so many inputs; `npm run fuzz` says a million. */
const inputs = Number(process.env["FUZZ_INPUTS"] ?? 20_000);
/** The same seed makes the same inputs. A test says its own; `FUZZ_SEED=<that> FUZZ_INPUTS=40000` does it again. */
const seed = Number(process.env["FUZZ_SEED"] ?? 1);
/** Inputs of one test, on a server of its own, so that nothing that lasts makes it look as if it leaked. */
const inputsPerTest = Math.min(20_000, inputs / 2);
const seeds = Array.from({ length: Math.ceil(inputs / inputsPerTest / 2) }, (_, n) => seed + n);
const timeout = 120_000;

/** Connections at once. */
const width = 16;
/** Commands that wait for their answers on one connection. */
const depth = 20;

const events = defineEvents({ "poll.opened": { data: z.unknown(), durable: true }, "cursor.moved": { data: z.unknown(), durable: false } });
const endless = { burst: 1e9, perSecond: 1e9 };
const unlimited = { rates: { write: endless, create: endless, join: endless, read: endless, search: endless, signal: endless, identity: endless, upload: endless, report: endless, room: endless, packets: endless, whisper: endless }, events };

interface Asked {
  name: string;
  /** Says whether an input fits. */
  input: { safeParse(value: unknown): { success: boolean } };
  json: string;
}

/** A command with an input; rooms are left seldom, so that there is something to do in them. */
const asked = fc.oneof(
  ...Object.entries(commands).map(([name, { input }]) => ({
    weight: name === "room:leave" ? 1 : 6,
    arbitrary: fc.record({ name: fc.constant(name), input: fc.constant<Asked["input"]>(input), json: mutated(valuesOf(input)) }),
  })),
);

describe("fuzz", () => {
  it.each(Object.entries(commands))("has inputs for %s that its schema takes", (_name, { input }) => {
    const made = fc.sample(valuesOf(input), { seed, numRuns: 200 });
    expect(made.filter((value) => input.safeParse(JSON.parse(JSON.stringify(value))).success).length).toBeGreaterThan(4);
  });

  it.each(seeds)("what a client says of itself is taken or refused as the contract says, seed %i", { timeout }, async (seed) => {
    await underOracle(unlimited, async ({ port }) => {
      const all = fc.sample(mutated(valuesOf(Handshake)), { seed, numRuns: Math.ceil(inputsPerTest / 10) });
      let taken = 0;
      await sideBySide(async () => {
        for (let json = all.pop(); json !== undefined; json = all.pop()) if (await isIntroduced(port, json)) taken += 1;
      });
      expect(taken).toBeGreaterThan(0);
    });
  });

  it.each(seeds)("requests by their grammar, each part of which may be wrong, are answered, seed %i", { timeout }, async (seed) => {
    await underOracle(unlimited, async ({ port }) => {
      const all = fc.sample(requests, { seed, numRuns: Math.ceil(inputsPerTest / 5) });
      const statuses = new Set<number>();
      await sideBySide(async () => {
        for (let one = all.pop(); one !== undefined; one = all.pop()) statuses.add(await request(port, one));
      });
      for (const status of [101, 200, 400, 403, 404]) expect(statuses).toContain(status);
    });
  });

  it.each(seeds)("every command's input, valid and changed in one place, is taken or refused as its schema says, seed %i", { timeout }, async (seed) => {
    await underOracle(unlimited, async ({ port }) => {
      const all = fc.sample(asked, { seed, numRuns: inputsPerTest });
      let taken = 0;
      const run = async (line: Line): Promise<void> => {
        for (let one = all.pop(); one !== undefined; one = all.pop()) {
          if (await isTaken(line, one)) taken += 1;
        }
      };
      const count = all.length;
      await Promise.all(
        Array.from({ length: width }, async () => {
          const line = await Line.open(port);
          expect(await line.begin()).toBe(true);
          for (const roomId of ["lobby", "team/7", "Zürich"]) await line.ask("room:join", JSON.stringify({ roomId }));
          await Promise.all(Array.from({ length: depth }, () => run(line)));
          line.close();
        }),
      );
      // A fuzzer that is always refused, or never, tests nothing.
      expect(taken).toBeGreaterThan(count / 20);
      expect(taken).toBeLessThan(count / 2);
    });
  });

  it.each(seeds)("packets by their grammar, each part of which may be wrong, are answered or end their connection, seed %i", { timeout }, async (seed) => {
    await underOracle(unlimited, async ({ port }) => {
      const all = asMany(fc.sample(fc.record({ sequence: packets, way: fc.constantFrom("session", "session", "session", "bare", "polling") }), { seed, numRuns: Math.ceil(inputsPerTest / 4) }));
      await sideBySide(async () => {
        for (let one = all.pop(); one !== undefined; one = all.pop()) {
          if (one.way === "polling") await poll(port, one.sequence);
          else await speak(port, one.sequence, one.way === "session");
        }
      });
    });
  });
});

/** As many of these as have enough packets together. */
function asMany<S extends { sequence: readonly unknown[] }>(all: readonly S[]): S[] {
  let count = 0;
  const chosen = all.filter(({ sequence }) => {
    const isWanted = count < inputsPerTest;
    if (isWanted) count += sequence.length;
    return isWanted;
  });
  expect(count).toBeGreaterThanOrEqual(inputsPerTest);
  return chosen;
}

/** Asks, and looks whether the answer agrees with the schema. Gives whether it was done. */
async function isTaken(line: Line, { name, input, json }: Asked): Promise<boolean> {
  // Of so many schemas TypeScript makes no union.
  const schema: { safeParse(value: unknown): { success: boolean } } = input;
  const fits = schema.safeParse(JSON.parse(json)).success;
  const answer = ReplyEnvelope.safeParse(await line.ask(name, json));
  const told = `${name} ${json.slice(0, 2_000)}`;
  if (!answer.success) throw new Error(`no readable answer, or the connection ended, on ${told}`);
  const reply = answer.data;
  const code = reply.ok ? "done" : reply.error.code;
  if (!fits && code !== "invalid") throw new Error(`${code} although the schema refuses it: ${told}`);
  if (fits && (code === "invalid" || code === "internal")) throw new Error(`${code} although the schema takes it: ${told}`);
  return reply.ok;
}

/** Says who it is, on a connection of its own, and looks whether the answer agrees with the contract. Gives whether a session was opened. */
async function isIntroduced(port: number, json: string): Promise<boolean> {
  const line = await Line.open(port);
  const answer = await line.introduce(json);
  line.close();
  const fits = Handshake.safeParse(JSON.parse(json)).success;
  const isReady = answer?.startsWith("42") ?? false;
  if (answer?.includes('"internal"') === true) throw new Error(`an internal error on ${json.slice(0, 2_000)}`);
  if (!fits && isReady) throw new Error(`taken although the contract refuses it: ${json.slice(0, 2_000)}`);
  if (fits && answer?.includes('"code":"invalid"') !== false) throw new Error(`${answer ?? "the end of the connection"} although the contract takes it: ${json.slice(0, 2_000)}`);
  return isReady;
}

/** Sends it on a connection of its own; gives the status of the answer. */
async function request(port: number, { text, isUpgrade }: RawRequest): Promise<number> {
  const raw = new RawSocket(port);
  raw.socket.write(text);
  await raw.hears("HTTP/1.1 ").catch((error: unknown) => {
    throw new Error(`no answer to ${JSON.stringify(text.slice(0, 2_000))}`, { cause: error });
  });
  const [, status = "0"] = /^HTTP\/1\.1 (\d+)/.exec(raw.received) ?? [];
  raw.socket.destroy();
  if (Number(status) >= 500 || (status === "101" && !isUpgrade)) throw new Error(`${status} to ${JSON.stringify(text.slice(0, 2_000))}`);
  return Number(status);
}

/** Does the same many times at once. */
async function sideBySide(run: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: width }, run));
}

/** Says all of it on a WebSocket; afterwards it answers, or is at its end. */
async function speak(port: number, sequence: readonly (string | Uint8Array<ArrayBuffer>)[], isSession: boolean): Promise<void> {
  const line = await Line.open(port);
  try {
    if (isSession) expect(await line.begin()).toBe(true);
    for (const packet of sequence) line.send(packet);
    if (isSession) await line.ask("room:leave", "{}");
    else await line.begin();
  } catch (error) {
    throw new Error(`the connection hangs after ${JSON.stringify(sequence)}`, { cause: error });
  } finally {
    line.close();
  }
}

/** Says all of it in one request. */
async function poll(port: number, sequence: readonly (string | Uint8Array)[]): Promise<void> {
  const poller = await Poller.open(port);
  const { status } = await poller.post(sequence.map((packet) => (typeof packet === "string" ? packet : `b${Buffer.from(packet).toString("base64")}`)).join("\u001E")).catch(() => ({ status: 0 }));
  expect([0, 200, 400, 413]).toContain(status);
  await poller.post("1").catch(() => undefined);
}
