import type { WireEvent } from "@chat-widget/protocol";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { Frames } from "./frames.js";

const turn = () => new Promise(setImmediate);
const run = (from: number, count = 1): WireEvent[] => Array.from({ length: count }, (_, n) => ({ seq: from + n, type: "message.sent" }));

function makeFrames() {
  const told: number[][] = [];
  const frames = new Frames((events) => void told.push(events.map(({ seq }) => seq)));
  return { frames, told };
}

it("tells the first at once, and what follows in the same turn together", async () => {
  const { frames, told } = makeFrames();
  for (const seq of [1, 2, 3]) frames.push(run(seq));
  expect(told).toEqual([[1]]);
  await turn();
  expect(told).toEqual([[1], [2, 3]]);
  frames.push(run(4));
  frames.push(run(5));
  await turn();
  expect(told.slice(2)).toEqual([[4, 5]]);
  await turn();
  frames.push(run(6));
  expect(told.slice(3)).toEqual([[6]]);
});

it("puts no two runs with a hole between them into one frame, and no more than 200 events before it tells them", () => {
  const { frames, told } = makeFrames();
  frames.push(run(1));
  frames.push(run(2));
  frames.push(run(9));
  frames.push(run(10, 199));
  expect(told.map((seqs) => [seqs[0], seqs.length])).toEqual([[1, 1], [2, 1], [9, 200]]);
});

it("tells everything once and in order, and leaves nothing waiting", async () => {
  const step = fc.oneof(fc.integer({ min: 1, max: 250 }), fc.constantFrom("turn", "flush"));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const { frames, told } = makeFrames();
      let head = 0;
      for (const one of steps) {
        if (one === "turn") await turn();
        else if (one === "flush") frames.flush();
        else {
          frames.push(run(head + 1, one));
          head += one;
        }
      }
      await turn();
      await turn();
      expect(told.flat()).toEqual(Array.from({ length: head }, (_, n) => n + 1));
    }),
  );
});
