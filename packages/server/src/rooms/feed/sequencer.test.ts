import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { WireEvent } from "@chat-widget/protocol";
import { ManualClock } from "../../../test/manual-clock.js";
import { Sequencer } from "./sequencer.js";

const eventAt = (seq: number): WireEvent => ({ seq, type: "message.sent" });
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** A sequencer over a log of `head` events, what it delivered and where it read. */
function make(head: number) {
  const clock = new ManualClock();
  const log = { head, fails: 0 };
  const delivered: number[] = [];
  const reads: number[] = [];
  const failures: unknown[] = [];
  const sequencer: Sequencer = new Sequencer({
    clock,
    deliver: (run) => delivered.push(...run.map(({ seq }) => seq)),
    repair: async (after) => {
      reads.push(after);
      if (log.fails-- > 0) throw new Error("the store is down");
      sequencer.offer(range(after + 1, Math.min(log.head, after + 100)).map(eventAt));
      return log.head;
    },
    onFailure: (error) => void failures.push(error),
  });
  const offer = (...seqs: number[]) => sequencer.offer(seqs.map(eventAt));
  /** Lets time pass, and what was begun come to its end. */
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 50) {
      clock.advance(50);
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    }
  };
  return { sequencer, log, delivered, reads, failures, offer, pass };
}

it("delivers the next, drops the old and holds the early", () => {
  const { sequencer, delivered, offer } = make(9);
  sequencer.begin(3);
  offer(2, 3, 4);
  offer(6, 7);
  offer(4);
  expect(delivered).toEqual([4]);
  offer(5);
  expect(delivered).toEqual([4, 5, 6, 7]);
  expect(sequencer.isCurrent).toBe(true);
});

it("keeps what comes before it knows where to begin", () => {
  const { sequencer, delivered, offer } = make(9);
  offer(5, 6);
  offer(4);
  expect(delivered).toEqual([]);
  sequencer.begin(4);
  expect(delivered).toEqual([5, 6]);
});

it("reads a hole that stays once, and none that closes by itself", async () => {
  const { sequencer, delivered, reads, offer, pass } = make(9);
  sequencer.begin(0);
  offer(2);
  offer(1);
  await pass(200);
  expect(reads).toEqual([]);
  offer(5);
  offer(6);
  await pass(200);
  expect(delivered).toEqual(range(1, 9));
  expect(reads).toEqual([2]);
});

it("reads what it is only told the end of", async () => {
  const { sequencer, delivered, reads, pass } = make(4);
  sequencer.begin(1);
  sequencer.saw(4);
  await pass(100);
  expect(delivered).toEqual([2, 3, 4]);
  expect(reads).toEqual([1]);
});

it("waits longer each time that the store cannot be read, and then delivers everything", async () => {
  const { sequencer, log, delivered, reads, failures, offer, pass } = make(3);
  log.fails = 8;
  sequencer.begin(0);
  offer(3);
  await pass(20_000);
  expect(failures).toHaveLength(1);
  expect(delivered).toEqual([1, 2, 3]);
  expect(reads).toHaveLength(9);
});

it("does not believe what the log does not hold", async () => {
  const { sequencer, log, delivered, reads, offer, pass } = make(2);
  sequencer.begin(2);
  sequencer.saw(1_000_000);
  offer(50);
  await pass(60_000);
  expect(reads).toHaveLength(1);
  log.head = 3;
  offer(3);
  expect(delivered).toEqual([3]);
});

it("holds a bounded number of events, and reads the others", async () => {
  const { sequencer, delivered, reads, offer, pass } = make(2_000);
  sequencer.begin(0);
  offer(...range(2, 2_000));
  await pass(5_000);
  expect(delivered).toEqual(range(1, 2_000));
  expect(reads.length).toBeLessThan(25);
});

it("goes on after a part of the log that is gone", () => {
  const { sequencer, delivered, offer } = make(9);
  sequencer.begin(1);
  offer(7);
  sequencer.skipTo(6);
  expect(delivered).toEqual([7]);
});

it("delivers each event once, in order, however they come", async () => {
  const arrivals = fc.array(fc.record({ seq: fc.integer({ min: 1, max: 40 }), run: fc.integer({ min: 1, max: 5 }), pauseMs: fc.constantFrom(0, 0, 50) }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(arrivals, fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 3 }), async (steps, start, fails) => {
      const { sequencer, log, delivered, offer, pass } = make(45);
      log.fails = fails;
      for (const [index, { seq, run, pauseMs }] of steps.entries()) {
        if (index === 5) sequencer.begin(start);
        offer(...range(seq, seq + run - 1));
        await pass(pauseMs);
        expect(delivered).toEqual(range(start + 1, start + delivered.length));
      }
      sequencer.begin(start);
      sequencer.saw(45);
      await pass(5_000);
      expect(delivered).toEqual(range(start + 1, 45));
      sequencer.close();
    }),
    { numRuns: 100 },
  );
});
