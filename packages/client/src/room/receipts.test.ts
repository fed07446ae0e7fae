import type { Message } from "@chat-widget/protocol";
import { beforeEach, expect, it } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import { Receipts } from "./receipts.js";

let clock: ManualClock;
let receipts: Receipts;
let told: number[];
beforeEach(() => {
  clock = new ManualClock();
  told = [];
  receipts = new Receipts(clock, (seq) => void told.push(seq));
});

const by = (authorId: string, seq: number, deletedAt?: number): Message => ({
  id: String(seq),
  seq,
  rev: seq,
  sentAt: 1,
  author: { id: authorId, name: authorId },
  text: "",
  reactions: [],
  ...(deletedAt !== undefined && { deletedAt }),
});
const unread = (...messages: Message[]) => receipts.unread(messages, "ann").map(({ seq }) => seq);

it("tells my position at most once a second, the last one", async () => {
  for (const seq of [1, 2, 3]) receipts.move(seq, "ann");
  await clock.pass(999);
  expect(told).toEqual([]);
  receipts.move(4, "ann");
  await clock.pass(60_000);
  expect(told).toEqual([4]);
});

it("only grows, mine and theirs", async () => {
  expect(receipts.move(5, "ann")).toBe(true);
  expect(receipts.move(4, "ann")).toBe(false);
  receipts.hear([{ userId: "bob", seq: 7 }]);
  receipts.hear([{ userId: "bob", seq: 6 }]);
  expect([...receipts.positions]).toEqual([["ann", 5], ["bob", 7]]);
});

it("counts what others wrote after my position and is not deleted", () => {
  receipts.load([{ userId: "ann", seq: 2 }], "ann", 6);
  expect(unread(by("bob", 1), by("bob", 2), by("bob", 3), by("ann", 4), by("bob", 5, 1), by("bob", 6))).toEqual([3, 6]);
  receipts.move(6, "ann");
  expect(unread(by("bob", 6))).toEqual([]);
});

it("does not call new what was there before somebody came for the first time", () => {
  receipts.load([], "ann", 6);
  expect(unread(by("bob", 6), by("bob", 7))).toEqual([7]);
});

it("leaves unread what came after that, also over an absence, and tells nobody of it", async () => {
  receipts.load([], "ann", 6);
  receipts.load([], "ann", 8);
  await clock.pass(60_000);
  expect([unread(by("bob", 6), by("bob", 7), by("bob", 8)), told]).toEqual([[7, 8], []]);
});

it("takes what I read elsewhere for read", () => {
  receipts.load([{ userId: "ann", seq: 0 }], "ann", 6);
  receipts.hear([{ userId: "ann", seq: 6 }]);
  expect(unread(by("bob", 6))).toEqual([]);
});

it("tells after an absence what could not be told before it", async () => {
  receipts.load([{ userId: "ann", seq: 1 }], "ann", 6);
  receipts.move(6, "ann");
  await clock.pass(1_000);
  // It was lost on the way.
  receipts.load([{ userId: "ann", seq: 1 }], "ann", 6);
  await clock.pass(1_000);
  expect(told).toEqual([6, 6]);
});

it("tells at the end what is not told yet, and nothing when all is", () => {
  receipts.close();
  receipts.move(3, "ann");
  receipts.close();
  receipts.close();
  expect(told).toEqual([3]);
});
