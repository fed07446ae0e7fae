import type { RoomEvent } from "@chat-widget/protocol";
import { describe, expect, it } from "vitest";
import { contentDigest, messageDigest } from "../history/digest.ts";
import type { Happening, HistoryRecord, Line, WholeLine } from "../history/record.ts";
import { check } from "./check.ts";
import type { Evidence, Invariant } from "./evidence.ts";
import { Ledger } from "./ledger.ts";

const author = { id: "ann", name: "Ann" };
const sent = (seq: number, id: string, text = id): RoomEvent => ({ type: "message.sent", seq, id, at: seq, author, text });
const edited = (seq: number, id: string, messageId: string): RoomEvent => ({ type: "message.edited", seq, id, at: seq, by: "ann", messageId, text: id });
const deleted = (seq: number, id: string, messageId: string): RoomEvent => ({ type: "message.deleted", seq, id, at: seq, by: "ann", messageId });

/** a, b, an edit of a, c. */
const log = [sent(1, "a"), sent(2, "b"), edited(3, "a2", "a"), sent(4, "c")];

function ledgerOf(events: readonly RoomEvent[]): Ledger {
  const { messages } = new Ledger({ room: "hall", epoch: "e", events: [...events], messages: [] });
  return new Ledger({ room: "hall", epoch: "e", events: [...events], messages: [...messages.values()] });
}

/** A happening of a client, in the order they are listed; `at` in the same steps. */
type Step = [client: string, happening: Happening, at?: number];

function evidence(steps: readonly Step[], events: readonly RoomEvent[] = log, rest: Partial<Evidence> = {}): Evidence {
  const records = steps.map(([client, happening, at], index): HistoryRecord => ({ at: at ?? 1_000 + index, client, ...happening }));
  const resources = { rssGrowth: 0, leftConnections: 0, keptCommands: 0 };
  return { records, ledgers: new Map([["hall", ledgerOf(events)]]), windows: [], killed: [], stragglers: [], resources, ...rest };
}

const ask = (id: string, type = "message.sent", text = id, messageId?: string): Happening => ({ kind: "ask", room: "hall", id, type, digest: contentDigest({ type, text, ...(messageId !== undefined && { messageId }) }) });
const ack = (id: string, seq?: number): Happening => ({ kind: "ack", room: "hall", id, ...(seq !== undefined && { seq }) });
const done = (id: string): Happening => ({ kind: "done", room: "hall", id });
const fail = (id: string, code: string): Happening => ({ kind: "fail", room: "hall", id, code });
const hear = (...events: RoomEvent[]): Happening => ({ kind: "hear", room: "hall", epoch: "e", events: events.map((event) => [event.seq, event.id, contentDigest(event)]) });
const view = (lines: Line[], from = 1, opaque: string[] = []): Happening => ({ kind: "view", room: "hall", from, count: 0, lines, opaque });
const link = (isUp: boolean): Happening => ({ kind: "link", isUp });

function final(events: readonly RoomEvent[] = log, change: (lines: WholeLine[]) => WholeLine[] = (lines) => lines): Happening {
  const lines = [...ledgerOf(events).messages.values()].map((message): WholeLine => [message.id, message.seq, message.rev, messageDigest(message)]);
  return { kind: "final", room: "hall", from: 1, lines: change(lines), pending: 0 };
}

/** The story in which everything is as it should be. */
const good: readonly Step[] = [
  ["ann", link(true)],
  ["ben", link(true)],
  ["ann", ask("a")],
  ["ann", ack("a", 1)],
  ["ann", done("a")],
  ["ben", hear(sent(1, "a"))],
  ["ben", view([["a", 1, 1]])],
  ["ann", ask("b")],
  ["ann", ask("a2", "message.edited", "a2", "a")],
  ["ann", ack("b", 2)],
  ["ann", ack("a2", 3)],
  ["ben", hear(sent(2, "b"), edited(3, "a2", "a"))],
  ["ben", view([["b", 2, 2], ["a", 1, 3]])],
  ["ben", ask("c")],
  ["ben", ack("c", 4)],
  ["ben", view([["c", 4, 4]])],
  ["ben", final()],
];

const broken = (steps: readonly Step[], events?: readonly RoomEvent[], rest?: Partial<Evidence>): Invariant[] => [...new Set(check(evidence(steps, events, rest)).map(({ invariant }) => invariant))];

it("finds nothing where there is nothing", () => {
  expect(check(evidence(good))).toEqual([]);
});

describe("I1", () => {
  it("finds an acknowledged command that is not in the log", () => {
    expect(broken([...good, ["ann", ask("lost")], ["ann", ack("lost", 5)]])).toContain("I1");
    expect(broken([...good, ["ann", ask("lost")], ["ann", done("lost")]])).toContain("I1");
  });
  it("finds one that is at another place, or says something else", () => {
    expect(broken([...good, ["ann", ack("a", 2)]])).toEqual(["I1"]);
    expect(broken([["ann", ask("a", "message.sent", "other")], ["ann", ack("a", 1)]], [sent(1, "a")])).toEqual(["I1"]);
  });
  it("takes that there was nothing to change", () => {
    expect(broken([...good, ["ann", ask("r", "reaction.added")], ["ann", ack("r")], ["ann", done("r")]])).toEqual([]);
  });
  it("asks nothing of a text that was deleted since", () => {
    expect(broken([["ann", ask("a")], ["ann", ack("a", 1)], ["ann", ask("d", "message.deleted", "", "a")], ["ann", ack("d", 2)]], [sent(1, "a", ""), deleted(2, "d", "a")])).toEqual([]);
  });
});

describe("I2", () => {
  const asked: Step[] = [["ann", ask("a")], ["ann", ack("a", 1)]];
  it("finds an id that is there twice", () => expect(broken(asked, [sent(1, "a"), sent(2, "a")])).toContain("I2"));
  it("finds a message that was asked again under another id", () => expect(broken([...asked, ["ann", ask("a9", "message.sent", "a")]], [sent(1, "a"), sent(2, "a9", "a")])).toContain("I2"));
  it("finds what nobody asked", () => expect(broken(asked, [sent(1, "a"), sent(2, "x")])).toEqual(["I2"]));
  it("finds what was refused and done all the same", () => expect(broken([...asked, ["ann", ask("e", "message.edited", "e", "a")], ["ann", fail("e", "conflict")]], [sent(1, "a"), edited(2, "e", "a")])).toEqual(["I2"]));
});

it("I3 finds a hole in the log", () => {
  expect(broken([["ann", ask("a")], ["ann", ask("b")]], [sent(1, "a"), sent(3, "b")])).toEqual(["I3"]);
});

describe("I4", () => {
  const steps = good.filter(([, { kind }]) => kind !== "view" && kind !== "final");
  it("finds a screen that jumped over a hole", () => expect(broken([...steps, ["ben", view([["a", 1, 1]])], ["ben", view([["c", 4, 4]])]])).toEqual(["I4"]));
  it("finds a change that is missing below a later message", () => expect(broken([...steps, ["ben", view([["a", 1, 1], ["b", 2, 2]])], ["ben", view([["c", 4, 4]])]])).toEqual(["I4"]));
  it("finds a message at another place", () => expect(broken([...steps, ["ben", view([["a", 2, 1]])]])).toContain("I4"));
  it("judges a window from its first line on, and no line with own changes on it", () => {
    expect(broken([...steps, ["ben", view([["c", 4, 4]], 4)]])).toEqual([]);
    expect(broken([...steps, ["ben", view([["b", 2, 2], ["c", 4, 4]], 1, ["a"])]])).toEqual([]);
  });
});

describe("I5", () => {
  it("finds what was told and is not in the log", () => expect(broken([...good, ["ben", hear(sent(5, "ghost"))]])).toEqual(["I5"]));
  it("finds what was told with another content", () => expect(broken([...good, ["ben", hear(sent(2, "b", "other"))]])).toEqual(["I5"]));
});

it("I6 finds what comes before something that was acknowledged before it was asked", () => {
  const steps: Step[] = [["ann", ask("a")], ["ann", ack("a", 2)], ["ben", ask("b")], ["ben", ack("b", 1)]];
  expect(broken(steps, [sent(1, "b"), sent(2, "a")])).toEqual(["I6"]);
});

it("I7 finds commands of one client in another order than it asked", () => {
  const steps: Step[] = [["ann", ask("a")], ["ann", ask("b")]];
  expect(broken(steps, [sent(1, "b"), sent(2, "a")])).toEqual(["I7"]);
  expect(broken([["ann", ask("a")], ["ben", ask("b")]], [sent(1, "b"), sent(2, "a")])).toEqual([]);
});

describe("I8", () => {
  const steps = good.slice(0, -1);
  it("finds a message that a screen lacks, has twice, in another state or in another place", () => {
    for (const change of [
      (lines: WholeLine[]) => lines.slice(1),
      (lines: WholeLine[]) => [...lines, ...lines.slice(-1)],
      (lines: WholeLine[]) => lines.map(([id, seq, rev]): WholeLine => [id, seq, rev, 0]),
      (lines: WholeLine[]) => lines.toReversed(),
    ]) {
      expect(broken([...steps, ["ben", final(log, change)]])).toEqual(["I8"]);
    }
  });
  it("finds who did not converge, and a message that stayed pending", () => {
    expect(broken(good, log, { stragglers: ["ben in hall"] })).toEqual(["I8"]);
    expect(broken([...good, ["ben", { ...final(), pending: 1 } as Happening]])).toEqual(["I8"]);
  });
  it("finds a store whose messages are not what its log folds to", () => {
    const wrong = new Ledger({ room: "hall", epoch: "e", events: log, messages: [] });
    expect(broken(good, log, { ledgers: new Map([["hall", wrong]]) })).toEqual(["I8"]);
  });
});

describe("I9", () => {
  const late = (...between: Step[]): Step[] => [["ann", link(true), 0], ["ben", link(true), 0], ["ann", ask("a"), 1], ["ann", ack("a", 1), 2], ...between, ["ben", hear(sent(1, "a")), 20_000]];
  it("finds who was connected and heard too late", () => expect(broken(late(), [sent(1, "a")])).toEqual(["I9"]));
  it("asks nothing of who was away, or harmed", () => {
    expect(broken(late(["ben", link(false), 5_000], ["ben", link(true), 19_000]), [sent(1, "a")])).toEqual([]);
    expect(broken(late(), [sent(1, "a")], { windows: [{ clients: ["ben"], from: 0, to: 15_000 }] })).toEqual([]);
  });
});

describe("I10", () => {
  const reset = (after: number, head: number): Happening => ({ kind: "reset", room: "hall", reason: "far", after, head });
  it("finds a snapshot that goes back", () => expect(broken([["ben", reset(4, 2)], ...good])).toEqual(["I10"]));
  it("finds a snapshot that was never shown", () => expect(broken([...good, ["ben", reset(1, 4)]])).toEqual(["I10"]));
  it("takes one that goes on", () => expect(broken([["ben", reset(1, 4)], ...good])).toEqual([]));
});

describe("I11", () => {
  it("finds a message that was asked and came to nothing", () => expect(broken([...good, ["ann", ask("d")]])).toEqual(["I11"]));
  it("finds a message that was refused", () => expect(broken([...good, ["ann", ask("d")], ["ann", fail("d", "timeout")]])).toEqual(["I11"]));
  it("takes a change that came after the deletion", () => expect(broken([...good, ["ann", ask("d", "message.edited")], ["ann", fail("d", "conflict")]])).toEqual([]));
  it("takes that a process was killed before it kept a wish, and no other wish", () => {
    expect(broken([...good, ["ann", ask("d"), 5_000]], log, { killed: [{ client: "ann", at: 5_001 }] })).toEqual([]);
    expect(broken([...good, ["ann", ask("d"), 5_000], ["ann", view([]), 5_001]], log, { killed: [{ client: "ann", at: 5_002 }] })).toEqual(["I11"]);
  });
});

it("I12 finds what was not given back", () => {
  for (const resources of [
    { rssGrowth: 2 ** 30, leftConnections: 0, keptCommands: 0 },
    { rssGrowth: 0, leftConnections: 1, keptCommands: 0 },
    { rssGrowth: 0, leftConnections: 0, keptCommands: 1 },
  ]) {
    expect(broken(good, log, { resources })).toEqual(["I12"]);
  }
});
