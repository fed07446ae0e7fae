import { expect, it } from "vitest";
import { eventSchemas, parseEvent, RoomEvents } from "./index.js";

const id = "019b76da-abe8-7000-8000-000000000001";
const sent = { seq: 7, id, at: 1, type: "message.sent", author: { id: "u", name: "U" }, text: "hello" };

it("reads an event it knows and drops keys it does not", () => {
  expect(parseEvent({ ...sent, mood: "sunny" })).toEqual({ kind: "known", seq: 7, event: sent });
});

it.each(["poll.opened", "message.Sent", "__proto__", "constructor", "toString", "hasOwnProperty"])("keeps the unknown type %s as it is", (type) => {
  const event = { seq: 7, type, anything: { at: "all" } };
  expect(parseEvent(event)).toEqual({ kind: "unknown", seq: 7, event });
});

it.each(Object.keys(eventSchemas))("sets a %s without a body aside, with its place and a reason", (type) => {
  expect(parseEvent({ seq: 7, type })).toEqual({ kind: "malformed", seq: 7, reason: expect.stringContaining("Invalid input") });
});

it("keeps a message whose author has a picture it cannot use", () => {
  const parsed = parseEvent({ ...sent, author: { id: "u", name: "U", avatarUrl: "javascript:alert(1)" } });
  expect(parsed).toMatchObject({ kind: "known", event: { text: "hello" } });
  expect(JSON.stringify(parsed)).not.toContain("javascript");
});

it("takes a frame of events of any type, if it is one run", () => {
  const frame = { roomId: "r", epoch: "e", from: 7, events: [sent, { seq: 8, type: "poll.opened", options: ["a"] }] };
  expect(RoomEvents.parse(frame)).toEqual(frame);
  expect(RoomEvents.safeParse({ ...frame, from: 6 }).success).toBe(false);
  expect(RoomEvents.safeParse({ ...frame, events: [sent, { seq: 9, type: "x" }] }).success).toBe(false);
  expect(RoomEvents.safeParse({ ...frame, events: [] }).success).toBe(false);
});
