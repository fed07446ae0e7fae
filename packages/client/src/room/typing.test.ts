import { beforeEach, expect, it } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import { Typing } from "./typing.js";

let clock: ManualClock;
let typing: Typing;
let said: boolean[];
let changes: number;
beforeEach(() => {
  clock = new ManualClock();
  said = [];
  changes = 0;
  typing = new Typing(clock, (isTyping) => void said.push(isTyping), () => (changes += 1));
});

const ann = { id: "ann", name: "Ann" };
const bob = { id: "bob", name: "Bob" };

it("says at most every three seconds that I am typing", async () => {
  for (let n = 0; n < 7; n++) {
    typing.set(true);
    await clock.pass(1_000);
  }
  expect(said).toEqual([true, true, true]);
});

it("is not silenced by a clock that was set back", async () => {
  typing.set(true);
  clock.jump(-86_400_000);
  typing.set(true);
  expect(said).toEqual([true, true]);
});

it("says that I stopped, six seconds after the last key, once", async () => {
  typing.set(true);
  await clock.pass(5_999);
  expect(said).toEqual([true]);
  await clock.pass(60_000);
  expect(said).toEqual([true, false]);
});

it("says at once that I stopped when told, and never that I stopped when I did not type", () => {
  typing.set(false);
  typing.set(true);
  typing.set(false);
  typing.set(false);
  expect(said).toEqual([true, false]);
});

it("says nothing after sending, which ends it, and begins anew with the next key", async () => {
  typing.set(true);
  typing.sent();
  await clock.pass(60_000);
  expect(said).toEqual([true]);
  typing.set(true);
  expect(said).toEqual([true, true]);
});

it("shows the others, without me", () => {
  typing.hear([ann, bob], 7);
  expect(typing.others("ann")).toEqual({ users: [bob], count: 6 });
  expect(typing.others(undefined)).toEqual({ users: [ann, bob], count: 7 });
});

it("forgets the others six seconds after the last word of them", async () => {
  typing.hear([bob], 1);
  await clock.pass(5_000);
  typing.hear([bob], 1);
  await clock.pass(5_999);
  expect(typing.others("ann").count).toBe(1);
  await clock.pass(1);
  expect([typing.others("ann"), changes]).toEqual([{ users: [], count: 0 }, 1]);
});
