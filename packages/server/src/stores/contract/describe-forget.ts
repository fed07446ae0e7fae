import { describe, expect, it } from "vitest";
import { bob, changing, deleting, editing, eventOf, sending } from "./drafts.js";
import type { Subject } from "./subject.js";

/** What `forget` promises. */
export function describeForget(subject: Subject): void {
  /** Forgets all there is to forget; the ids of everything are kept when no time is given. */
  const forget = async (messages: number, ids = 0) => {
    for (let isDone = false; !isDone; ) ({ isDone } = await subject.store.forget({ messages, ids }));
  };
  const texts = async (roomId = "room") => (await subject.newest(roomId)).map(({ text }) => text);
  const at = (at: number) => ({ at });

  describe("forget", () => {
    it("takes the messages and the log from before, and leaves the rest and its numbers as they were", async () => {
      await subject.store.append("room", [sending("old", at(1)), sending("older than it looks", at(9)), sending("last", at(4)), sending("new", at(10)), sending("out of order", at(2))]);
      await subject.store.append("other", [sending("new there", at(10))]);
      await forget(10);
      expect([await texts(), await texts("other")]).toEqual([["new", "out of order"], ["new there"]]);
      for (const seq of [0, 2]) expect(await subject.store.eventsAfter("room", seq, 10)).toEqual({ kind: "trimmed" });
      expect(await subject.store.eventsAfter("room", 3, 10)).toMatchObject({ kind: "events", head: 5, events: [{ seq: 4 }, { seq: 5 }] });
      expect(await subject.store.eventsAfter("other", 0, 10)).toMatchObject({ kind: "events", head: 1 });
      expect(await subject.store.messages("room", { before: 4, limit: 5 })).toEqual({ asOf: 5, messages: [], hasOlder: false, hasNewer: true });
      expect(await subject.send("room", "after")).toMatchObject({ seq: 6 });
    });

    it("goes on where it was, with what is written meanwhile", async () => {
      for (const time of [1, 2, 3]) {
        await subject.store.append("room", [sending(`${time}`, at(time))]);
        await forget(time);
        expect(await texts()).toEqual([`${time}`]);
      }
      await forget(4);
      expect(await texts()).toEqual([]);
      expect(await subject.store.eventsAfter("room", 3, 10)).toEqual({ kind: "events", events: [], head: 3 });
      await subject.store.append("room", [sending("4", at(4))]);
      await forget(4);
      expect(await texts()).toEqual(["4"]);
    });

    it("takes in steps what is much, in every room", async () => {
      const rooms = ["a", "b", "c"];
      for (const room of rooms) await subject.store.append(room, Array.from({ length: 450 }, (_, n) => sending(`${n}`, at(n))));
      await forget(449, 449);
      for (const room of rooms) {
        expect(await texts(room)).toEqual(["449"]);
        expect(await subject.store.eventsAfter(room, 449, 10)).toMatchObject({ kind: "events", head: 450, events: [{ seq: 450 }] });
      }
    });

    it("leaves no text and no name, also not in what happened to a message later", async () => {
      const ask = sending("secret", { ...at(1), author: { id: "ann", name: "Annabel" } });
      await subject.store.append("room", [ask, sending("new", at(10)), editing(ask.draft.id, "secret too", at(11)), changing({ type: "reaction.added", messageId: ask.draft.id, emoji: "👍" }, at(12))]);
      await forget(10);
      const kept = await subject.store.eventsById("room", [ask.draft.id]);
      expect(JSON.stringify([kept, await subject.store.eventsAfter("room", 1, 10), await subject.newest("room")])).not.toMatch(/secret|Annabel/);
      expect(await subject.store.messagesById("room", [ask.draft.id])).toEqual([]);
      expect(await subject.store.eventsAfter("room", 1, 10)).toMatchObject({ events: [{ seq: 2 }, { seq: 3 }, { seq: 4 }] });
    });

    it("answers what is asked again, until the ids are forgotten too", async () => {
      const ask = sending("secret", at(1));
      const edit = editing(ask.draft.id, "secret too", at(2));
      await subject.store.append("room", [ask, edit, sending("new", at(10))]);
      await forget(10, 1);
      expect(await subject.store.append("room", [ask, edit])).toMatchObject([{ outcome: "repeated", event: { seq: 1, text: "" } }, { outcome: "repeated", event: { seq: 2, text: "" } }]);
      expect(await subject.append("room", sending("secret", { id: ask.draft.id, author: bob }))).toEqual({ outcome: "conflict" });
      await forget(10, 2);
      expect(await subject.store.eventsById("room", [ask.draft.id, edit.draft.id])).toMatchObject([{ seq: 2 }]);
      expect(eventOf(await subject.append("room", ask))).toMatchObject({ seq: 4 });
      await forget(10, 3);
      expect(await subject.store.eventsById("room", [edit.draft.id])).toEqual([]);
    });

    it("makes changes to what is forgotten impossible", async () => {
      const ask = sending("old", at(1));
      await subject.store.append("room", [ask, sending("new", at(10))]);
      await forget(10);
      for (const change of [editing(ask.draft.id, "again"), deleting(ask.draft.id)]) await expect(subject.append("room", change)).rejects.toMatchObject({ code: "not-found" });
    });

    it("takes from rooms that have a time of their own what is from before that, sooner or later than from the others", async () => {
      const names = ["usual", "short", "long", "a \"room\""];
      for (const room of names) await subject.store.append(room, [1, 5, 9].map((time) => sending(`${time}`, at(time))));
      const rooms = new Map([["short", 9], ["long", 0], ['a "room"', 9], ["nowhere", 9]]);
      for (let isDone = false; !isDone; ) ({ isDone } = await subject.store.forget({ messages: 5, ids: 0, rooms }));
      expect(await Promise.all(names.map((room) => texts(room)))).toEqual([["5", "9"], ["9"], ["1", "5", "9"], ["9"]]);
    });

    it("says that it is done when there is nothing", async () => {
      expect(await subject.store.forget({ messages: 10, ids: 5 })).toEqual({ isDone: true });
      await subject.store.append("room", [sending("new", at(10))]);
      expect(await subject.store.forget({ messages: 10, ids: 5 })).toEqual({ isDone: true });
    });
  });
}
