import { describe, expect, it } from "vitest";
import type { MessagePlace, PlacedEvent } from "../chat-store.js";
import { bob, changing, deleting, editing, publishing, sending } from "./drafts.js";
import type { Subject } from "./subject.js";

/** What `allEvents`, `redact`, `receiptsOf` and `forgetReader` promise: what a user wrote can be found and taken away. */
export function describePrivacy(subject: Subject): void {
  const all = async (limit: number): Promise<PlacedEvent[]> => {
    const events: PlacedEvent[] = [];
    for (let after: MessagePlace | undefined; ; ) {
      const page = await subject.store.allEvents(after, limit);
      events.push(...page);
      const last = page.at(-1);
      if (last === undefined) return events;
      after = { roomId: last.roomId, seq: last.event.seq };
    }
  };

  describe("allEvents", () => {
    it("gives the events of every room once, in pages, room by room as bytes order them", async () => {
      // As UTF-16 the first of these two would come last.
      const rooms = ["\uFF21", "\u{1F600}", "b", "B", "a/b", "a"];
      for (const room of rooms) await subject.sendNumbers(room, 3);
      const expected = ["B", "a", "a/b", "b", "\uFF21", "\u{1F600}"].flatMap((room) => [1, 2, 3].map((seq) => [room, seq, `${seq}`]));
      for (const limit of [1, 2, 3, 4, 100]) expect((await all(limit)).map(({ roomId, event }) => [roomId, event.seq, event.type === "message.sent" && event.text])).toEqual(expected);
      expect(await subject.store.allEvents({ roomId: "b", seq: 2 }, 2)).toMatchObject([{ roomId: "b", event: { seq: 3 } }, { roomId: "\uFF21", event: { seq: 1 } }]);
    });

    it("gives what is left of forgotten ones, and nothing of a store that has nothing", async () => {
      expect(await subject.store.allEvents(undefined, 10)).toEqual([]);
      await subject.store.append("room", [sending("old", { at: 1 }), sending("older", { at: 2 }), sending("new", { at: 10 })]);
      while (!(await subject.store.forget({ messages: 10, ids: 2 })).isDone);
      expect((await all(1)).map(({ event }) => event.seq)).toEqual([2, 3]);
    });
  });

  describe("redact", () => {
    const ann = { id: "ann", name: "Annabel", avatarUrl: "https://example.com/annabel.png" };

    it("takes the name and picture out of events and messages, and nothing else of anybody else", async () => {
      const [own, deleted, other] = [sending("kept", { author: ann }), sending("gone", { author: ann }), sending("theirs", { author: bob })];
      const joined = changing({ type: "member.changed", change: "banned", member: { user: ann, bannedUntil: 9 } });
      await subject.store.append("room", [own, deleted, other, joined, editing(own.draft.id, "kept too"), deleting(deleted.draft.id)]);
      await subject.store.append("elsewhere", [sending("there", { author: ann })]);
      const before = await subject.log("room");
      await subject.store.redact("room", [1, 2, 4, 99]);
      expect(JSON.stringify([await subject.log("room"), await subject.newest("room")])).not.toMatch(/annabel/i);
      const nobody = { id: "ann", name: "?" };
      expect(await subject.newest("room")).toMatchObject([{ author: nobody, text: "kept too", seq: 1, rev: 5 }, { author: nobody, text: "" }, { author: bob, text: "theirs" }]);
      const after = await subject.log("room");
      expect(after).toMatchObject([{ author: nobody }, { author: nobody }, { author: bob }, { change: "banned", member: { user: nobody, bannedUntil: 9 } }, {}, {}]);
      for (const index of [2, 4, 5]) expect(after[index]).toEqual(before[index]);
      expect(await subject.newest("elsewhere")).toMatchObject([{ author: ann }]);
    });

    it("takes the data too out of what somebody published of the application's own", async () => {
      await subject.store.append("room", [publishing("poll.opened", { question: "Annabel?" }, { author: ann }), publishing("poll.opened", { question: "Bob?" }, { author: bob })]);
      await subject.store.redact("room", [1]);
      const log = await subject.log("room");
      expect(JSON.stringify(log[0])).not.toMatch(/annabel/i);
      expect(log[1]).toMatchObject({ author: bob, data: { question: "Bob?" } });
    });

    it("changes nothing the second time, and leaves what is asked again as done", async () => {
      const own = sending("hello", { author: ann });
      await subject.store.append("room", [own]);
      await subject.store.redact("room", [1]);
      const once = await subject.log("room");
      await subject.store.redact("room", [1]);
      expect(await subject.log("room")).toEqual(once);
      expect(await subject.append("room", own)).toMatchObject({ outcome: "repeated", event: { seq: 1 } });
      await subject.store.redact("no such room", [1]);
      await subject.store.redact("room", []);
      expect(await subject.send("room", "after")).toMatchObject({ seq: 2 });
    });
  });

  describe("receipts of a user", () => {
    it("are found in every room, and forgotten in every room", async () => {
      await subject.sendNumbers("room", 3);
      for (const [room, user, seq] of [["room", "ann", 2], ["other", "ann", 5], ["room", "anna", 3]] as const) await subject.store.moveReceipt(room, user, seq);
      expect((await subject.store.receiptsOf("ann")).toSorted((a, b) => a.seq - b.seq)).toEqual([{ roomId: "room", seq: 2 }, { roomId: "other", seq: 5 }]);
      await subject.store.forgetReader("ann");
      await subject.store.forgetReader("nobody");
      expect(await subject.store.receiptsOf("ann")).toEqual([]);
      expect(await subject.store.receipts("room")).toEqual([{ userId: "anna", seq: 3 }]);
      await subject.store.moveReceipt("room", "ann", 1);
      expect(await subject.store.receiptsOf("ann")).toEqual([{ roomId: "room", seq: 1 }]);
    });
  });
}
