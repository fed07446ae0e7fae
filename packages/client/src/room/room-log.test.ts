import { applyEvent, messageIdOf, type Message, type RoomEvent } from "@chat-widget/protocol";
import * as fc from "fast-check";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { runs } from "../../test/property-runs.js";
import { RoomLog } from "./room-log.js";

const epoch = "e1";
const author = { id: "ann", name: "Ann" };

function sent(seq: number, id: string = uuidv7(), text = `text ${seq}`): RoomEvent {
  return { type: "message.sent", seq, id, at: seq, author, text };
}

/** A whole log: messages, and changes of earlier ones. */
const story = fc.array(fc.record({ kind: fc.constantFrom("send", "edit", "delete", "react"), target: fc.nat(9) }), { minLength: 1, maxLength: 40 }).map((steps) => {
  const ids: string[] = [];
  return steps.map(({ kind, target }, index): RoomEvent => {
    const seq = index + 1;
    const messageId = ids[target % Math.max(1, ids.length)];
    if (kind === "send" || messageId === undefined) {
      const id = uuidv7();
      ids.push(id);
      return sent(seq, id);
    }
    const change = { seq, id: uuidv7(), at: seq, by: "ann", messageId };
    if (kind === "edit") return { ...change, type: "message.edited", text: `edited ${seq}` };
    if (kind === "delete") return { ...change, type: "message.deleted" };
    return { ...change, type: "reaction.added", emoji: "👍" };
  });
});

/** What the server would answer: the messages as they read after `asOf` events. */
function fold(events: readonly RoomEvent[]): Message[] {
  const messages = new Map<string, Message>();
  for (const event of events) {
    const message = applyEvent(messages.get(messageIdOf(event) ?? ""), event);
    if (message !== undefined) messages.set(message.id, message);
  }
  return [...messages.values()];
}

function snapshotOf(events: readonly RoomEvent[], hasOlder = false, messages = fold(events)) {
  return { kind: "snapshot", reason: "first", epoch, head: events.length, messages, hasOlder } as const;
}

/** A log that has seen the first `head` events. */
function logAt(events: readonly RoomEvent[], head: number): RoomLog {
  const log = new RoomLog();
  log.catchUp(snapshotOf(events.slice(0, head)));
  return log;
}

describe("receiving", () => {
  it("applies what is next, drops what is old and holds what is early", () => {
    const events = [1, 2, 3, 4].map((seq) => sent(seq));
    const log = logAt(events, 1);
    expect(log.receive(epoch, events.slice(2))).toBe("hole");
    expect(log.cursor?.seq).toBe(1);
    expect(log.receive(epoch, events.slice(0, 2))).toBe("complete");
    expect(log.cursor?.seq).toBe(4);
    expect(log.messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  it("merges what arrived before the snapshot did", () => {
    const events = [1, 2, 3, 4].map((seq) => sent(seq));
    const log = new RoomLog();
    expect(log.receive(epoch, events.slice(1))).toBe("hole");
    expect(log.catchUp(snapshotOf(events.slice(0, 2)))).toBe("complete");
    expect(log.messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  it("notices a store that is another one, and takes nothing of it before its snapshot", () => {
    const log = logAt([sent(1)], 1);
    expect(log.receive("e2", [sent(2)])).toBe("replaced");
    expect(log.cursor).toEqual({ epoch, seq: 1 });
    log.catchUp({ ...snapshotOf([sent(1, undefined, "new")]), epoch: "e2" });
    expect(log.messages.map(({ text }) => text)).toEqual(["new"]);
  });

  it("counts events it does not know or cannot read, and shows the rest", () => {
    const kinds: string[] = [];
    const log = new RoomLog(({ kind }) => kinds.push(kind));
    log.catchUp(snapshotOf([]));
    log.receive(epoch, [{ seq: 1, type: "poll.opened", data: {} }, { seq: 2, type: "message.sent", text: 7 }, sent(3)]);
    expect(kinds).toEqual(["unknown", "malformed", "known"]);
    expect(log.cursor?.seq).toBe(3);
    expect(log.messages).toHaveLength(1);
  });

  it("keeps a message that did not change the same object", () => {
    const events = [sent(1), sent(2)];
    const log = logAt(events, 2);
    const [first, second] = log.messages;
    log.receive(epoch, [{ type: "message.edited", seq: 3, id: uuidv7(), at: 3, by: "ann", messageId: events[1]?.id ?? "", text: "changed" }]);
    expect(log.messages[0]).toBe(first);
    expect(log.messages[1]).not.toBe(second);
  });

  it("holds no more than 256 early events", () => {
    const events = Array.from({ length: 400 }, (_, index) => sent(index + 1));
    const log = logAt(events, 1);
    log.receive(epoch, events.slice(2));
    log.receive(epoch, events.slice(1, 2));
    expect(log.cursor?.seq).toBe(258);
  });
});

it("comes to the same as the server's fold, whatever is doubled, reordered, dropped or joined in between, once it has synced", () => {
  const disorder = fc.record({ from: fc.nat(40), length: fc.nat(10), snapshot: fc.boolean() });
  fc.assert(
    fc.property(story, fc.nat(40), fc.array(disorder, { maxLength: 15 }), (events, start, steps) => {
      const log = logAt(events, Math.min(start, events.length));
      for (const { from, length, snapshot } of steps) {
        // A server never answers from before what it has told already.
        if (snapshot) log.catchUp(snapshotOf(events.slice(0, Math.max(from, log.cursor?.seq ?? 0))));
        else log.receive(epoch, events.slice(from, from + length));
      }
      log.catchUp({ kind: "events", epoch, head: events.length, events: events.slice(log.cursor?.seq ?? 0), more: false });
      expect(log.cursor).toEqual({ epoch, seq: events.length });
      expect(log.messages).toEqual(fold(events));
      expect(log.hasHole).toBe(false);
    }),
    { numRuns: runs(200) },
  );
});

it("comes to the same when the older half comes as a page that was read at any moment", () => {
  fc.assert(
    fc.property(story, fc.nat(40), fc.nat(40), fc.nat(40), (events, at, readAt, split) => {
      const head = Math.min(at, events.length);
      const asOf = head + (readAt % (events.length - head + 1));
      const shown = fold(events.slice(0, head));
      fc.pre(shown.length > 0);
      const window = shown.slice(Math.min(split, shown.length - 1));
      const log = new RoomLog();
      log.catchUp(snapshotOf(events.slice(0, head), true, window));
      const oldest = window[0]?.seq ?? 0;
      // The page is read at `asOf`, and arrives after everything has happened.
      const messages = fold(events.slice(0, asOf)).filter(({ seq }) => seq < oldest);
      log.receive(epoch, events.slice(head));
      expect(log.addOlder({ epoch, asOf, messages, hasOlder: false, hasNewer: true }, oldest)).toBe(true);
      expect(log.messages).toEqual(fold(events));
    }),
    { numRuns: runs(200) },
  );
});

it("comes to the same when live events, pages, acknowledgements, snapshots and other lives of the store come in any order, once it has synced", () => {
  const size = 5;
  const step = fc.record({ kind: fc.constantFrom("live", "ack", "snapshot", "ask", "arrive", "another life"), from: fc.nat(60), length: fc.nat(10) });
  fc.assert(
    fc.property(fc.tuple(story, story), fc.array(step, { maxLength: 60 }), (stories, steps) => {
      const log = new RoomLog();
      let life = 0;
      const lives = stories.map((events, index) => ({ events, name: `e${index}` }));
      const current = () => lives[life] ?? { events: [], name: "" };
      /** Whatever was told before, the server has moved on since. */
      const headFrom = (from: number) => Math.min(current().events.length, Math.max(from, log.cursor?.epoch === current().name ? log.cursor.seq : 0));
      const newest = (head: number) => {
        const messages = fold(current().events.slice(0, head));
        return { kind: "snapshot", reason: "far", epoch: current().name, head, messages: messages.slice(-size), hasOlder: messages.length > size } as const;
      };
      const pageBefore = (before: number | undefined, asOf: number) => {
        const messages = fold(current().events.slice(0, asOf)).filter(({ seq }) => before === undefined || seq < before);
        return { before, page: { epoch: current().name, asOf, messages: messages.slice(-size), hasOlder: messages.length > size, hasNewer: true } };
      };
      const asked: ReturnType<typeof pageBefore>[] = [];
      for (const { kind, from, length } of steps) {
        const { events, name } = current();
        if (kind === "live") log.receive(name, events.slice(from, from + length));
        else if (kind === "ack") log.receive(name, events.slice(from, from + 1));
        else if (kind === "snapshot") log.catchUp(newest(headFrom(from)));
        else if (kind === "ask" && log.cursor?.epoch === name) asked.push(pageBefore(log.messages[0]?.seq, headFrom(from)));
        else if (kind === "arrive") {
          const [late] = asked.splice(length % Math.max(1, asked.length), 1);
          if (late !== undefined) log.addOlder(late.page, late.before);
        } else if (kind === "another life" && life === 0) life = 1;
        const places = log.messages.map(({ seq }) => seq);
        expect(places).toEqual([...new Set(places)].toSorted((a, b) => a - b));
      }
      const { events, name } = current();
      if (log.cursor?.epoch !== name) log.catchUp(newest(events.length));
      log.catchUp({ kind: "events", epoch: name, head: events.length, events: events.slice(log.cursor?.seq ?? 0), more: false });
      while (log.hasOlder) {
        const { page, before } = pageBefore(log.messages[0]?.seq, events.length);
        expect(log.addOlder(page, before)).toBe(true);
      }
      expect(log.cursor).toEqual({ epoch: name, seq: events.length });
      expect(log.messages).toEqual(fold(events));
    }),
    { numRuns: runs(300) },
  );
});

it("refuses a page that was read longer ago than it remembers", () => {
  const events = Array.from({ length: 600 }, (_, index) => sent(index + 1));
  const log = logAt(events, 300);
  log.receive(epoch, events.slice(300));
  const page = { epoch, messages: [], hasOlder: false, hasNewer: true };
  expect(log.addOlder({ ...page, asOf: 300 }, 1)).toBe(false);
  expect(log.addOlder({ ...page, asOf: 400 }, 1)).toBe(true);
});

it("keeps quoted messages from outside the window up to date", () => {
  const old = sent(1);
  const log = new RoomLog();
  log.catchUp({ ...snapshotOf([old, sent(2)]), messages: fold([sent(2)]) });
  log.addOutside(fold([old]));
  log.receive(epoch, [{ type: "message.deleted", seq: 3, id: uuidv7(), at: 3, by: "ann", messageId: old.id }]);
  expect(log.message(old.id)).toMatchObject({ text: "", deletedAt: 3 });
});

it("does not go back to a snapshot that was read before what it has seen", () => {
  const events = [1, 2, 3, 4].map((seq) => sent(seq));
  const log = logAt(events, 4);
  log.catchUp({ ...snapshotOf(events.slice(0, 2)), reason: "far" });
  expect(log.cursor?.seq).toBe(4);
  expect(log.messages).toHaveLength(4);
  log.catchUp({ ...snapshotOf(events.slice(0, 2)), reason: "ahead" });
  expect(log.cursor?.seq).toBe(2);
});

it("takes nothing that was early in a log that went back for a part of what it became", () => {
  const lost = [1, 2, 3, 4, 5, 6].map((seq) => sent(seq, undefined, `lost ${seq}`));
  const log = logAt(lost, 4);
  log.receive(epoch, lost.slice(5));
  expect(log.hasHole).toBe(true);
  log.catchUp({ ...snapshotOf(lost.slice(0, 4)), reason: "ahead" });
  log.receive(epoch, [sent(5, undefined, "new 5")]);
  log.receive(epoch, [sent(6, undefined, "new 6")]);
  expect(log.messages.map(({ text }) => text).slice(4)).toEqual(["new 5", "new 6"]);
});

it("holds nothing once it is cleared", () => {
  const events = [1, 2, 3, 4].map((seq) => sent(seq));
  const log = logAt(events, 2);
  log.receive(epoch, events.slice(3));
  log.clear();
  expect([log.cursor, log.messages, log.hasOlder, log.hasHole]).toEqual([undefined, [], false, false]);
  log.catchUp(snapshotOf([sent(1)]));
  expect(log.messages).toHaveLength(1);
});

it("brings a quoted message up to date that was read before it was deleted", () => {
  const old = sent(1);
  const log = new RoomLog();
  log.catchUp({ ...snapshotOf([old, sent(2)]), messages: fold([sent(2)]) });
  log.receive(epoch, [{ type: "message.deleted", seq: 3, id: uuidv7(), at: 3, by: "ann", messageId: old.id }]);
  log.addOutside(fold([old]));
  expect(log.message(old.id)).toMatchObject({ text: "", deletedAt: 3 });
});
