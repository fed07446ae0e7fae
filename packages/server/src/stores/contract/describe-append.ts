import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import type { Append } from "../chat-store.js";
import { ann, bob, deleting, editing, eventOf, sending } from "./drafts.js";
import type { Subject } from "./subject.js";

/** The numbers 1 to `count`. */
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** What `append` promises. */
export function describeAppend(subject: Subject): void {
  describe("append", () => {
    it("makes the event from the draft, its place and its time, and keeps it as it is", async () => {
      const draft = { type: "message.sent" as const, id: uuidv7(), author: { ...ann, avatarUrl: "https://a.example/ann.png" }, text: "hello", replyTo: uuidv7() };
      const event = { ...draft, seq: 1, at: 1_700_000_000_123 };
      expect(await subject.append("room", { draft, at: event.at, fingerprint: "f" })).toEqual({ outcome: "stored", event });
      expect(await subject.log("room")).toEqual([event]);
    });

    it("numbers the events of a room from 1 without a hole, however many come at once to however many rooms", async () => {
      const rooms = upTo(20).map((n) => `room-${n}`);
      const asked = upTo(15).flatMap((n) => rooms.map((room) => subject.store.append(room, upTo(1 + (n % 3)).map((k) => sending(`${n}.${k}`)))));
      const results = await Promise.all(asked);
      expect(results.flat().every(({ outcome }) => outcome === "stored")).toBe(true);
      for (const room of rooms) expect(await subject.places(room)).toEqual(upTo(30));
      expect(await subject.store.heads(rooms)).toEqual(rooms.map(() => 30));
    });

    it("keeps the order of a batch, and of batches asked one after the other", async () => {
      const batches = upTo(10).map((batch) => upTo(3).map((n) => sending(`${batch}.${n}`)));
      const results = await Promise.all(batches.map((batch) => subject.store.append("room", batch)));
      expect((await subject.newest("room")).map(({ text }) => text)).toEqual(batches.flat().map(({ fingerprint }) => fingerprint));
      expect(results.flat().map((result) => eventOf(result).seq)).toEqual(upTo(30));
    });

    it("answers an id asked again with its first event", async () => {
      const ask = sending("once");
      const first = await subject.append("room", ask);
      const edit = editing(ask.draft.id, "twice");
      const edited = await subject.append("room", edit);
      expect(await subject.append("room", { ...ask, at: 9_999 })).toEqual({ outcome: "repeated", event: eventOf(first) });
      expect(await subject.append("room", { ...edit, at: 9_999 })).toEqual({ outcome: "repeated", event: eventOf(edited) });
      expect(await subject.places("room")).toEqual([1, 2]);
    });

    it("stores one of many equal asks, in one batch and at once", async () => {
      const ask = sending("once");
      const results = (await Promise.all([subject.store.append("room", [ask, ask]), subject.store.append("room", [ask]), subject.append("room", ask)])).flat();
      expect(results.map((result) => result?.outcome)).toEqual(["stored", "repeated", "repeated", "repeated"]);
      expect(await subject.log("room")).toHaveLength(1);
    });

    it.each([
      ["other content", (id: string) => sending("other", { id })],
      ["another user", (id: string) => sending("mine", { id, author: bob })],
      ["another kind of event", (id: string) => editing(id, "mine", { id })],
    ])("refuses a used id with %s, asked later and at once", async (_, again) => {
      for (const room of ["later", "at once"]) {
        const id = uuidv7();
        const first = subject.append(room, sending("mine", { id }));
        if (room === "later") await first;
        expect(await subject.append(room, again(id))).toEqual({ outcome: "conflict" });
        expect((await first)?.outcome).toBe("stored");
        expect(await subject.newest(room)).toMatchObject([{ text: "mine", author: ann }]);
        expect(await subject.log(room)).toHaveLength(1);
      }
    });

    it("leaves no hole for a repeat or a conflict inside a batch", async () => {
      const ask = sending("one");
      const results = await subject.store.append("room", [ask, ask, sending("other", { id: ask.draft.id }), sending("two")]);
      expect(results.map(({ outcome }) => outcome)).toEqual(["stored", "repeated", "conflict", "stored"]);
      expect(await subject.places("room")).toEqual([1, 2]);
    });

    it("keeps the rooms apart, also for the same id", async () => {
      const ask = sending("here");
      await subject.append("here", ask);
      expect(await subject.append("there", { ...ask, fingerprint: "other" })).toMatchObject({ outcome: "stored", event: { seq: 1 } });
      await subject.append("there", deleting(ask.draft.id));
      expect(await subject.newest("here")).toMatchObject([{ text: "here" }]);
      expect(await subject.store.messagesById("elsewhere", [ask.draft.id])).toEqual([]);
      await expect(subject.append("elsewhere", deleting(ask.draft.id))).rejects.toMatchObject({ code: "not-found" });
    });

    it.each<[string, (used: string, free: string) => Append[]]>([
      ["the room does not have", (_, free) => [sending("a"), deleting(free)]],
      ["comes only later in the batch", (_, free) => [sending("a"), editing(free, "b"), sending("c", { id: free })]],
      ["was refused in the same batch", (used) => [sending("a"), sending("b", { id: used }), editing(used, "c")]],
    ])("refuses a change to a message that %s, and stores nothing of that batch", async (_, batch) => {
      const ask = sending("first");
      const edit = editing(ask.draft.id, "second");
      await subject.store.append("room", [ask, edit]);
      await expect(subject.store.append("room", batch(edit.draft.id, uuidv7()))).rejects.toMatchObject({ name: "ChatError", code: "not-found" });
      expect(await subject.send("room", "after")).toMatchObject({ seq: 3 });
      expect((await subject.newest("room")).map(({ text }) => text)).toEqual(["second", "after"]);
    });

    it("answers a used id before it looks for the message", async () => {
      const ask = sending("first");
      const edit = editing(ask.draft.id, "second");
      await subject.store.append("room", [ask, edit]);
      expect(await subject.append("room", editing(uuidv7(), "second", { id: edit.draft.id }))).toEqual({ outcome: "conflict" });
    });

    it("takes a change to a message of the same batch", async () => {
      const ask = sending("first");
      await subject.store.append("room", [ask, editing(ask.draft.id, "second")]);
      expect((await subject.newest("room")).map(({ text }) => text)).toEqual(["second"]);
    });

    it.each(["'; drop table events; --", "__proto__", "constructor", "%", "\u{1F469}\u200D\u{1F680}", "a\"b`c\\d"])("takes %j as a room, a user and a text like any other", async (odd) => {
      const author = { id: odd, name: odd };
      await subject.append(odd, sending(odd, { author }));
      await subject.store.moveReceipt(odd, odd, 1);
      expect(await subject.newest(odd)).toMatchObject([{ text: odd, author }]);
      expect(await subject.store.receipts(odd)).toEqual([{ userId: odd, seq: 1 }]);
      expect(await subject.store.heads(["room", odd, "room"])).toEqual([0, 1, 0]);
    });

    it.each(["", "a\0b", "\ud83d", "\ude00 and \ud83d", "\u2028\r\n\t", "x".repeat(65_536)])("gives back a text as it was, whatever is in it (%#)", async (text) => {
      await subject.append("room", sending(text));
      expect(await subject.newest("room")).toMatchObject([{ text }]);
      expect(await subject.log("room")).toMatchObject([{ text }]);
    });
  });
}
