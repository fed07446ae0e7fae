import * as fc from "fast-check";
import { expect, it } from "vitest";
import { RoomEvents } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import { ManualClock } from "../../../test/manual-clock.js";
import { LogBook } from "../../../test/test-server.js";
import { WatchedStore } from "../../../test/watched-store.js";
import { createReport } from "../../logger.js";
import type { EventDraft } from "../../stores/chat-store.js";
import { memoryStore } from "../../stores/memory-store.js";
import { Feed } from "./feed.js";

const roomId = "lobby";
const epoch = "e";
const ann = { id: "ann", name: "Ann" };

/** A feed over a store that is watched, and what it told. */
function makeFeed(watched = new WatchedStore(memoryStore())) {
  const clock = new ManualClock();
  const told: RoomEvents[] = [];
  const publish = (_roomId: string, _name: string, payload: unknown) => void told.push(RoomEvents.parse(payload));
  const feed = new Feed({ roomId, epoch, store: watched.store, publish, clock, report: createReport(new LogBook(), undefined), onDelivered: () => undefined, onChange: () => undefined, onSkipped: () => undefined });
  const append = async (...drafts: EventDraft[]) => {
    const results = await watched.store.append(
      roomId,
      drafts.map((draft) => ({ draft, at: 0, fingerprint: draft.id })),
    );
    return results.flatMap((result) => (result.outcome === "stored" ? [result.event] : []));
  };
  /** Commits and tells the feed. */
  const write = async (...drafts: EventDraft[]) => feed.offer(await append(...drafts));
  return { watched, clock, feed, told, append, write };
}

const say = (text: string): EventDraft => ({ type: "message.sent", id: uuidv7(), author: ann, text });
const says = (count: number) => Array.from({ length: count }, (_, n) => say(`${n}`));
const after = (seq: number) => ({ epoch, seq });

it("answers who comes back from the tail, and who is new from the newest page, without the store", async () => {
  const { watched, feed, write } = makeFeed();
  await feed.catchUp(undefined, 50);
  await write(...says(200));
  watched.takeReads();
  for (let seq = 0; seq <= 200; seq++) {
    expect(await feed.catchUp(after(seq), 500)).toMatchObject({ kind: "events", head: 200, more: false, events: { length: 200 - seq } });
  }
  expect(await feed.catchUp(undefined, 50)).toMatchObject({ kind: "snapshot", head: 200, hasOlder: true, messages: { length: 50 } });
  expect(Object.values(watched.takeReads()).every((count) => count === 0)).toBe(true);
});

it("reads each part of the log once for all who come at once to a room that nobody had open", async () => {
  const { watched, append } = makeFeed();
  for (let n = 0; n < 30; n++) await append(...says(100));
  const { feed } = makeFeed(watched);
  watched.takeReads();
  const cursors = Array.from({ length: 3_000 }, (_, n) => n);
  const answers = await Promise.all([...cursors.map((seq) => feed.catchUp(after(seq), 200)), ...cursors.map(() => feed.catchUp(undefined, 50))]);
  for (const [seq, answer] of answers.slice(0, 3_000).entries()) {
    if (seq < 2_000) expect(answer).toMatchObject({ kind: "snapshot", reason: "far", head: 3_000 });
    else expect(answer.kind === "events" && answer.events[0]?.seq).toBe(seq + 1);
  }
  const reads = watched.takeReads();
  expect(reads["eventsAfter"]).toBeLessThanOrEqual(10);
  expect(reads["messages"]).toBe(1);
  expect(reads["heads"]).toBe(0);
});

it("does not take what a page held when it was read for the end of the log", async () => {
  const { watched, append } = makeFeed();
  await append(...says(10));
  const { feed } = makeFeed(watched);
  await feed.catchUp(after(9), 50);
  await append(...says(2));
  feed.saw(12);
  expect(await feed.catchUp(after(10), 50)).toMatchObject({ kind: "events", head: 12, events: [{ seq: 11 }, { seq: 12 }], more: false });
});

it("finds its way to the end page by page, wherever a reader begins and while others write", async () => {
  const { watched, append } = makeFeed();
  await append(...says(900));
  const { feed, write } = makeFeed(watched);
  for (const start of [0, 1, 127, 128, 500, 640, 899, 900]) {
    const seqs: number[] = [];
    for (let more = true, seq = start; more; seq = seqs.at(-1) ?? seq) {
      const answer = await feed.catchUp(after(seq), 200);
      if (answer.kind !== "events") throw new Error(`got a ${answer.kind}`);
      seqs.push(...answer.events.map((event) => event.seq));
      ({ more } = answer);
      if (more) await write(say("more"));
    }
    expect(seqs).toEqual(Array.from({ length: feed.head - start }, (_, index) => start + 1 + index));
  }
});

it("asks the store about a reader who knows more than it was told, and is told the same", async () => {
  const { feed, told, append, clock } = makeFeed();
  await feed.catchUp(undefined, 50);
  await append(...says(3));
  expect(await feed.catchUp(after(2), 50)).toMatchObject({ kind: "events", head: 3, events: [{ seq: 3 }] });
  clock.advance(50);
  await expect.poll(() => told.flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual([1, 2, 3]);
  expect(await feed.catchUp(after(4), 50)).toMatchObject({ kind: "snapshot", reason: "ahead" });
});

it("keeps no text of a deleted message", async () => {
  const { watched, append } = makeFeed();
  const secret = say("secret");
  await append(...says(130), secret, ...says(200));
  const { feed, write } = makeFeed(watched);
  const edited = say("to be edited");
  await feed.catchUp(undefined, 500);
  await feed.catchUp(after(130), 50);
  await write(edited, { type: "message.edited", id: uuidv7(), by: "ann", messageId: edited.id, text: "secret" });
  for (const messageId of [secret.id, edited.id]) await write({ type: "message.deleted", id: uuidv7(), by: "ann", messageId });
  const answers = [await feed.catchUp(after(130), 500), await feed.catchUp(after(330), 500), await feed.catchUp(undefined, 500)];
  expect(JSON.stringify(answers)).not.toContain("secret");
  expect(JSON.stringify(answers)).not.toContain("to be edited");
});

it("reads like the store after any events", async () => {
  const step = fc.record({ kind: fc.constantFrom("say", "say", "edit", "delete", "react"), which: fc.nat(20), isTold: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 6 }), async (steps, limit) => {
      const { watched, feed, append, clock } = makeFeed();
      const ids: string[] = [];
      await feed.catchUp(undefined, limit);
      for (const { kind, which, isTold } of steps) {
        const messageId = ids[which % Math.max(1, ids.length)];
        const change = { id: uuidv7(), by: "bob", messageId: messageId ?? "" };
        const drafts: Record<string, EventDraft> = {
          edit: { ...change, type: "message.edited", text: `${which}` },
          delete: { ...change, type: "message.deleted" },
          react: { ...change, type: "reaction.added", emoji: "👍" },
        };
        const draft = (messageId !== undefined && drafts[kind]) || say(`${which}`);
        if (draft.type === "message.sent") ids.push(draft.id);
        const events = await append(draft);
        if (isTold) feed.offer(events);
      }
      const [head = 0] = await watched.store.heads([roomId]);
      feed.saw(head);
      clock.advance(50);
      await expect.poll(() => feed.delivered, { interval: 1 }).toBe(head);
      const { messages, hasOlder } = await watched.store.messages(roomId, { limit });
      expect(await feed.catchUp(undefined, limit)).toMatchObject({ head, messages, hasOlder });
      expect(await feed.catchUp(after(0), 100)).toMatchObject({ kind: "events", head, events: (await logOf(watched)) });
    }),
    { numRuns: 50 },
  );
});

async function logOf({ store }: WatchedStore) {
  const log = await store.eventsAfter(roomId, 0, 100);
  return log.kind === "events" ? log.events : [];
}
