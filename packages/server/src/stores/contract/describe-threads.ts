import { applyEvent, isAmong, messageIdsOf, type Message } from "@chat-widget/protocol";
import * as fc from "fast-check";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import type { Append, PageQuery } from "../chat-store.js";
import { ann, bob, deleting, editing, eventOf, sending } from "./drafts.js";
import type { Subject } from "./subject.js";

/** A reply to append. */
function replying(threadId: string, text: string, { id = uuidv7(), at = 1_000, alsoInRoom = false } = {}): Append {
  return { draft: { type: "message.sent", id, author: ann, text, threadId, ...(alsoInRoom && { alsoInRoom }) }, at, fingerprint: text };
}

const step = fc.record({ kind: fc.constantFrom("send", "reply", "shout", "edit", "delete", "again"), target: fc.nat(6), user: fc.constantFrom("ann", "bob") });

/** What threads promise. */
export function describeThreads(subject: Subject): void {
  const page = async (query: PageQuery) => {
    const { messages, hasOlder, hasNewer } = await subject.store.messages("room", query);
    return [messages.map(({ text }) => text).join(""), hasOlder, hasNewer];
  };
  const threadOf = async (id: string) => (await subject.store.messagesById("room", [id]))[0]?.thread;

  describe("threads", () => {
    it("have pages of their own, and the room's leave them out unless they are to be in both", async () => {
      const root = sending("R");
      const id = root.draft.id;
      const other = sending("S");
      await subject.store.append("room", [root, replying(id, "1"), other, replying(id, "2", { alsoInRoom: true }), replying(other.draft.id, "x"), replying(id, "3"), sending("T")]);
      expect(await page({ limit: 9 })).toEqual(["RS2T", false, false]);
      expect(await page({ before: 7, limit: 1 })).toEqual(["2", true, true]);
      expect(await page({ threadId: id, limit: 9 })).toEqual(["123", false, false]);
      expect(await page({ threadId: id, limit: 2 })).toEqual(["23", true, false]);
      expect(await page({ threadId: id, before: 4, limit: 2 })).toEqual(["1", false, true]);
      expect(await page({ threadId: id, after: 2, limit: 1 })).toEqual(["2", true, true]);
      expect(await page({ threadId: id, around: 4, limit: 2 })).toEqual(["12", false, true]);
      expect(await page({ threadId: other.draft.id, limit: 9 })).toEqual(["x", false, false]);
      expect(await page({ threadId: uuidv7(), limit: 9 })).toEqual(["", false, false]);
      expect((await subject.store.messages("elsewhere", { threadId: id, limit: 9 })).messages).toEqual([]);
    });

    it("are counted at their root, without what is deleted, however often it is", async () => {
      const root = sending("R");
      const [one, two] = [replying(root.draft.id, "1", { at: 11 }), replying(root.draft.id, "2", { at: 12 })];
      await subject.store.append("room", [root, one]);
      expect(await threadOf(root.draft.id)).toEqual({ count: 1, lastAt: 11, lastSeq: 2 });
      await subject.store.append("room", [two, one, editing(one.draft.id, "changed")]);
      expect(await threadOf(root.draft.id)).toEqual({ count: 2, lastAt: 12, lastSeq: 3 });
      const deletions = await Promise.all(["ann", "bob"].map((by) => subject.append("room", deleting(two.draft.id, { by }))));
      expect(deletions.map((deletion) => Object.hasOwn(eventOf(deletion), "threadId")).toSorted()).toEqual([false, true]);
      expect(await threadOf(root.draft.id)).toEqual({ count: 1, lastAt: 12, lastSeq: 3 });
      await subject.store.append("room", [deleting(root.draft.id), deleting(one.draft.id)]);
      expect(await subject.store.messagesById("room", [root.draft.id])).toMatchObject([{ text: "", rev: 8, thread: { count: 0 } }]);
    });

    it("are what the log folds to, whatever happened", async () => {
      let rooms = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 8 }), async (batches) => {
          const roomId = `room-${rooms++}`;
          const roots: string[] = [];
          const sent: string[] = [];
          const asked: Append[] = [];
          const ask = ({ kind, target, user: by }: (typeof batches)[number][number]): Append => {
            const [root, message] = [roots[target % 2], sent[target]];
            if (kind === "again") return asked[target] ?? sending("again");
            if (root !== undefined && (kind === "reply" || kind === "shout")) return replying(root, kind, { alsoInRoom: kind === "shout" });
            if (message !== undefined && kind === "edit") return editing(message, "edited", { by });
            if (message !== undefined && kind === "delete") return deleting(message, { by });
            return sending("sent");
          };
          for (const batch of batches) {
            const appends = batch.map((one) => {
              const append = ask(one);
              const { draft } = append;
              if (draft.type === "message.sent" && !asked.includes(append)) (draft.threadId === undefined ? roots : sent).push(draft.id);
              if (draft.type === "message.sent" && draft.threadId === undefined) sent.push(draft.id);
              asked.push(append);
              return append;
            });
            await subject.store.append(roomId, appends);
          }
          const folded = new Map<string, Message>();
          for (const event of await subject.log(roomId)) {
            for (const id of messageIdsOf(event)) {
              const message = applyEvent(folded.get(id), event);
              if (message !== undefined) folded.set(id, message);
            }
          }
          const all = [...folded.values()];
          for (const threadId of [undefined, ...roots]) {
            const { messages } = await subject.store.messages(roomId, { ...(threadId !== undefined && { threadId }), limit: 1_000 });
            expect(messages).toEqual(all.filter((message) => isAmong(threadId, message)));
            const replies = all.filter((message) => threadId !== undefined && message.threadId === threadId);
            if (replies.length > 0) expect(folded.get(threadId ?? "")?.thread).toMatchObject({ count: replies.filter(({ deletedAt }) => deletedAt === undefined).length, lastSeq: replies.at(-1)?.seq });
          }
        }),
        { numRuns: 25 },
      );
    });

    it("take no reply to a root the room does not have, and nothing else of that batch", async () => {
      const root = sending("R");
      await subject.append("room", root);
      for (const batch of [[sending("a"), replying(uuidv7(), "b")], [replying(root.draft.id, "a"), replying(uuidv7(), "b")]]) {
        await expect(subject.store.append("room", batch)).rejects.toMatchObject({ code: "not-found" });
      }
      await expect(subject.append("elsewhere", replying(root.draft.id, "a"))).rejects.toMatchObject({ code: "not-found" });
      expect(await subject.log("room")).toHaveLength(1);
      const next = sending("S");
      await subject.store.append("room", [next, replying(next.draft.id, "a")]);
      expect(await threadOf(next.draft.id)).toMatchObject({ count: 1 });
    });

    it("outlast their root when that is forgotten", async () => {
      const root = sending("R", { at: 1 });
      const [reply, late] = [replying(root.draft.id, "1", { at: 10 }), replying(root.draft.id, "2", { at: 11 })];
      await subject.store.append("room", [root, reply, late, replying(root.draft.id, "3", { at: 12, alsoInRoom: true })]);
      for (let isDone = false; !isDone; ) ({ isDone } = await subject.store.forget({ messages: 5, ids: 0 }));
      expect(await page({ threadId: root.draft.id, limit: 9 })).toEqual(["123", false, false]);
      expect(eventOf(await subject.append("room", deleting(reply.draft.id)))).toMatchObject({ seq: 5 });
      for (let isDone = false; !isDone; ) ({ isDone } = await subject.store.forget({ messages: 20, ids: 0 }));
      expect([await page({ threadId: root.draft.id, limit: 9 }), await page({ limit: 9 })]).toEqual([
        ["", false, false],
        ["", false, false],
      ]);
    });
  });

  it("finds a thread among others by its index", async () => {
    const root = sending("R", { author: bob });
    await subject.store.append("room", [root, ...Array.from({ length: 40 }, (_, n) => replying(root.draft.id, `${n % 10}`))]);
    expect(await page({ limit: 5 })).toEqual(["R", false, false]);
    expect(await page({ threadId: root.draft.id, limit: 3 })).toEqual(["789", true, false]);
  });
}
