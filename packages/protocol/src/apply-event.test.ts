import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEvent, messageIdOf, messageIdsOf } from "./apply-event.js";
import type { RoomEvent } from "./event.js";
import { Message } from "./message.js";

const messageId = "019b76da-abe8-7000-8000-000000000001";
const sent: RoomEvent = { type: "message.sent", seq: 3, id: messageId, at: 30, author: { id: "ann", name: "Ann" }, text: "hello", mentions: ["bob"] };
const users = ["ann", "bob", "cleo"];
const emoji = ["👍", "🎉"];

type Change = { type: "message.edited"; text: string; mentions?: string[] } | { type: "message.deleted" | "message.pinned" | "message.unpinned" } | { type: "reaction.added" | "reaction.removed"; emoji: string };

const edit = fc.record(
  { type: fc.constant("message.edited" as const), text: fc.string({ maxLength: 5 }), mentions: fc.uniqueArray(fc.constantFrom(...users), { minLength: 1 }) },
  { requiredKeys: ["type", "text"] },
);
const deletion = fc.constant({ type: "message.deleted" as const });
const pinning = fc.record({ type: fc.constantFrom("message.pinned" as const, "message.unpinned" as const) });
const reaction = fc.record({ type: fc.constantFrom("reaction.added" as const, "reaction.removed" as const), emoji: fc.constantFrom(...emoji) });
const steps = (change: fc.Arbitrary<Change>) => fc.array(fc.record({ change, by: fc.constantFrom(...users), gap: fc.integer({ min: 1, max: 3 }) }), { maxLength: 20 });

/** A log of one message: sent, then what else happened to it, with places of other messages in between. */
function logOf(changes: { change: Change; by: string; gap: number }[]): RoomEvent[] {
  let seq = sent.seq;
  return [sent, ...changes.map(({ change, by, gap }) => ({ ...change, by, seq: (seq += gap), at: seq * 10, id: messageId, messageId }))];
}
const anyLog = steps(fc.oneof({ weight: 4, arbitrary: reaction }, { weight: 2, arbitrary: pinning }, { weight: 3, arbitrary: edit }, { weight: 1, arbitrary: deletion })).map(logOf);
const logWithoutDeletion = steps(fc.oneof(reaction, edit, pinning)).map(logOf);

const fold = (events: RoomEvent[], start?: Message) => events.reduce(applyEvent, start);

/** The next in line of a log that arrives in any order, as a room's log hands them out. */
function inLine(arrivals: RoomEvent[], log: RoomEvent[]): RoomEvent[] {
  const early = new Set<RoomEvent>();
  let next = 0;
  return arrivals.flatMap((event) => {
    early.add(event);
    const from = next;
    for (let due = log[next]; due !== undefined && early.has(due); due = log[next]) next += 1;
    return log.slice(from, next);
  });
}

/** Freezes everything, so that a fold that changes its input throws. */
function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

describe("applied in order", () => {
  it("makes a message that fits the contract and is as recent as its last event", () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const message = fold(frozen(log));
        expect(Message.parse(message)).toEqual(message);
        expect(message).toMatchObject({ id: messageId, seq: sent.seq, rev: log.at(-1)?.seq, sentAt: sent.at });
      }),
    );
  });

  it("shows the last edit", () => {
    fc.assert(
      fc.property(logWithoutDeletion, (log) => {
        const edits = log.filter((event) => event.type === "message.edited");
        expect(fold(log)).toMatchObject({ text: edits.at(-1)?.text ?? "hello" });
        expect(fold(log)?.mentions).toEqual((edits.at(-1) ?? sent).mentions);
        expect(fold(log)?.editedAt).toBe(edits.at(-1)?.at);
      }),
    );
  });

  it("is pinned by whoever did so last, until somebody takes the pin off", () => {
    fc.assert(
      fc.property(logWithoutDeletion, (log) => {
        const last = log.findLast((event) => event.type === "message.pinned" || event.type === "message.unpinned");
        const { pinnedAt, pinnedBy } = fold(log) ?? {};
        expect([pinnedAt, pinnedBy]).toEqual(last?.type === "message.pinned" ? [last.at, last.by] : [undefined, undefined]);
      }),
    );
  });

  it("holds each reaction once, as a set of users per emoji would", () => {
    fc.assert(
      fc.property(logWithoutDeletion, (log) => {
        const model = new Set<string>();
        for (const event of log) {
          if (event.type === "reaction.added") model.add(`${event.emoji} ${event.by}`);
          if (event.type === "reaction.removed") model.delete(`${event.emoji} ${event.by}`);
        }
        const reactions = fold(log)?.reactions ?? [];
        const pairs = reactions.flatMap((one) => one.userIds.map((user) => `${one.emoji} ${user}`));
        expect(pairs.toSorted()).toEqual([...model].toSorted());
        expect(new Set(reactions.map((one) => one.emoji)).size).toBe(reactions.length);
        expect(reactions.every((one) => one.userIds.length > 0)).toBe(true);
      }),
    );
  });

  it("keeps a deleted message deleted, empty and by whom it was deleted first", () => {
    fc.assert(
      fc.property(logWithoutDeletion, steps(fc.oneof(reaction, edit, pinning, deletion)), (before, after) => {
        const last = before.at(-1)?.seq ?? sent.seq;
        const deleted: RoomEvent = { type: "message.deleted", seq: last + 1, id: messageId, at: 1, by: "bob", messageId };
        const later = logOf(after).slice(1).map((event) => Object.assign({}, event, { seq: event.seq + last }));
        expect(fold([...before, deleted, ...later])).toEqual({
          ...fold(before),
          text: "",
          mentions: undefined,
          pinnedAt: undefined,
          pinnedBy: undefined,
          reactions: [],
          deletedAt: 1,
          deletedBy: "bob",
          rev: (later.at(-1) ?? deleted).seq,
        });
      }),
    );
  });
});

describe("applied by a reader on a real network", () => {
  it("gives the same for any order and repetition of arrivals, handed out in line", () => {
    const arrivals = anyLog.chain((log) => fc.tuple(fc.constant(log), fc.array(fc.constantFrom(...log), { maxLength: 40 }), fc.shuffledSubarray(log, { minLength: log.length })));
    fc.assert(
      fc.property(arrivals, ([log, noise, all]) => {
        expect(fold(inLine([...noise, ...all], log))).toEqual(fold(log));
      }),
    );
  });

  it("gives the same from a page read at any place, followed by the log from any earlier place, any number of times", () => {
    const reads = anyLog.chain((log) =>
      fc.record({ log: fc.constant(log), page: fc.nat(log.length), runs: fc.array(fc.record({ from: fc.nat(log.length), length: fc.nat(log.length) }), { maxLength: 4 }) }),
    );
    fc.assert(
      fc.property(reads, ({ log, page, runs }) => {
        let message = fold(log.slice(0, page));
        let held = page;
        for (const { from, length } of runs) {
          const start = Math.min(from, held);
          message = fold(log.slice(start, start + length), message);
          held = Math.max(held, start + length);
          expect(message).toEqual(fold(log.slice(0, held)));
        }
        expect(fold(log, message)).toEqual(fold(log));
      }),
    );
  });

  it("ignores what the message holds already", () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const message = fold(log);
        for (const event of log) expect(applyEvent(message, event)).toBe(message);
      }),
    );
  });

  it("keeps the reactions that did not change the very same", () => {
    const message = fold(logOf([{ change: { type: "reaction.added", emoji: "👍" }, by: "bob", gap: 1 }]));
    const [first] = message?.reactions ?? [];
    expect(applyEvent(message, { type: "reaction.added", seq: 9, id: messageId, at: 9, by: "cleo", messageId, emoji: "🎉" })?.reactions[0]).toBe(first);
  });
});

describe("a thread's root", () => {
  const author = { id: "bob", name: "Bob" };
  const kinds = fc.array(fc.record({ kind: fc.constantFrom("reply", "delete", "edit", "react"), target: fc.nat(5), gap: fc.integer({ min: 1, max: 3 }) }), { maxLength: 20 });
  /** A log of a root and its replies; the deletion of a reply that is deleted names no thread. */
  const threadLog = kinds.map((steps) => {
    let seq = sent.seq;
    const living = new Map<string, boolean>();
    const log: RoomEvent[] = [sent];
    for (const { kind, target, gap } of steps) {
      seq += gap;
      const envelope = { seq, id: `event ${seq}`, at: seq * 10 };
      const reply = [...living.keys()][target];
      if (kind === "reply" || reply === undefined) {
        living.set(envelope.id, true);
        log.push({ ...envelope, type: "message.sent", author, text: "reply", threadId: messageId });
      } else if (kind === "react") log.push({ ...envelope, type: "reaction.added", by: "bob", messageId, emoji: "👍" });
      else if (kind === "edit") log.push({ ...envelope, type: "message.edited", by: "bob", messageId: reply, text: "changed" });
      else {
        log.push({ ...envelope, type: "message.deleted", by: "bob", messageId: reply, ...(living.get(reply) === true && { threadId: messageId }) });
        living.set(reply, false);
      }
    }
    return log;
  });
  const ofRoot = (log: RoomEvent[]) => log.filter((event) => messageIdsOf(event).includes(messageId));

  it("counts the replies that are not deleted, and knows the last", () => {
    fc.assert(
      fc.property(threadLog, (log) => {
        const replies = log.filter((event) => event.type === "message.sent" && event.threadId === messageId);
        const deleted = new Set(log.flatMap((event) => (event.type === "message.deleted" ? [event.messageId] : [])));
        const { thread, rev } = fold(frozen(ofRoot(log))) ?? {};
        const last = replies.at(-1);
        expect(thread).toEqual(last && { count: replies.filter(({ id }) => !deleted.has(id)).length, lastAt: last.at, lastSeq: last.seq });
        expect(rev).toBe(ofRoot(log).at(-1)?.seq);
      }),
    );
  });

  it("is the same from a page read at any place, followed by the log from any earlier place", () => {
    fc.assert(
      fc.property(threadLog, fc.nat(20), fc.nat(20), (log, page, from) => {
        const events = ofRoot(log);
        const held = fold(events.slice(0, 1 + page));
        expect(fold(events.slice(Math.min(from, page)), held)).toEqual(fold(events));
      }),
    );
  });

  it("is left alone by what is about its replies only, and a reply by what is about its root", () => {
    const reply: RoomEvent = { type: "message.sent", seq: 4, id: "reply", at: 4, author, text: "reply", threadId: messageId };
    expect(messageIdsOf(reply)).toEqual(["reply", messageId]);
    expect(messageIdsOf({ type: "message.edited", seq: 5, id: "e", at: 5, by: "bob", messageId: "reply", text: "x" })).toEqual(["reply"]);
    const folded = fold([reply]);
    expect(folded).toMatchObject({ id: "reply", threadId: messageId, text: "reply" });
    expect(fold([reply], folded)).toBe(folded);
  });
});

it("gives undefined for a change to a message that is not at hand", () => {
  fc.assert(
    fc.property(anyLog, (log) => {
      expect(fold(log.slice(1))).toBeUndefined();
    }),
  );
});

it("knows which message an event is about", () => {
  expect(messageIdOf(sent)).toBe(messageId);
  expect(messageIdOf({ type: "message.deleted", seq: 4, id: "other", at: 0, by: "u", messageId })).toBe(messageId);
});
