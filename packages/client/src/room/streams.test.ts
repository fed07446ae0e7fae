import { ChatError, defaultLimits, type Message, type StreamPart } from "@chat-widget/protocol";
import { beforeEach, expect, it } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import { Streams } from "./streams.js";

const id = "019b76da-abe8-7000-8000-000000000001";
const part = (offset: number, text: string, more: Partial<StreamPart> = {}): StreamPart => ({ id, author: { id: "bot", name: "Bot" }, startedAt: 7, offset, text, ...more });

let clock: ManualClock;
let shown: readonly Message[];
let asked: number;
let answer: () => Promise<StreamPart[]>;
let stored: Set<string>;
let streams: Streams;

beforeEach(() => {
  clock = new ManualClock();
  [shown, asked, stored] = [[], 0, new Set()];
  answer = async () => [];
  const request = async (): Promise<never> => {
    asked += 1;
    return { parts: await answer() } as never;
  };
  streams = new Streams({ roomId: "lobby", connection: { isReady: true, limits: defaultLimits, refusal: undefined, request }, clock, logger: { warn() {}, error() {} }, isStored: (id) => stored.has(id), onChange: (messages) => void (shown = messages) });
});

const hear = (...parts: unknown[]) => streams.hear({ roomId: "lobby", parts });
const texts = () => shown.map(({ text }) => text);

it("grows with each part, and keeps its identity while nothing is added", () => {
  hear(part(0, "one "));
  hear(part(4, "two"));
  expect(shown).toMatchObject([{ id, text: "one two", sentAt: 7, author: { name: "Bot" } }]);
  const before = shown[0];
  hear(part(7, ""), part(0, "one "));
  expect(shown[0]).toBe(before);
});

it("asks for what it missed, and goes on from there", async () => {
  answer = async () => [part(0, "one two three")];
  hear(part(4, "two "));
  expect(texts()).toEqual([]);
  await clock.pass(1_000);
  expect([asked, texts()]).toEqual([1, ["one two three"]]);
  hear(part(13, " four"));
  expect(texts()).toEqual(["one two three four"]);
});

it("asks again with the next part when it is not answered", async () => {
  answer = () => Promise.reject(new ChatError("unavailable", "unable to read; the store is down"));
  hear(part(4, "two "));
  await clock.pass(1_000);
  answer = async () => [part(0, "one two three")];
  hear(part(8, "three"));
  await clock.pass(1_000);
  expect([asked, texts()]).toEqual([2, ["one two three"]]);
});

it("forgets a message that nobody writes on, that was given up, or that is in the log", async () => {
  hear(part(0, "one"));
  await clock.pass(9_000);
  hear(part(3, ""));
  await clock.pass(9_000);
  expect(texts()).toEqual(["one"]);
  await clock.pass(1_500);
  expect(texts()).toEqual([]);
  hear(part(0, "one"));
  hear(part(0, "", { isGivenUp: true }));
  expect(texts()).toEqual([]);
  hear(part(0, "one"));
  stored.add(id);
  hear(part(3, " more"));
  expect(texts()).toEqual([]);
});

it("leaves out what does not fit the contract", () => {
  for (const wrong of [part(-1, "x"), { ...part(0, "x"), author: "bot" }, null]) hear(wrong);
  streams.hear("nonsense");
  expect(texts()).toEqual([]);
});
