import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { recordKey, type RecordQuery } from "../records.js";
import { changing, eventOf, publishing, sending } from "./drafts.js";
import type { Subject } from "./subject.js";

/** What records promise. */
export function describeRecords(subject: Subject): void {
  const put = (key: string, value: object | undefined, expect?: number, collection = "things") =>
    subject.store.writeRecords([{ collection, key, ...(value !== undefined && { value }), ...(expect !== undefined && { expect }) }]);
  const keys = async (query: RecordQuery) => (await subject.store.records("things", query)).map(({ key }) => key);

  describe("records", () => {
    it("are kept by collection and key, count their writes, and are removed", async () => {
      await put("a", { n: 1 });
      await put("a", { n: 2, text: "\u0000 \ud800 ünï" });
      await put("a", { other: true }, undefined, "others");
      expect(await subject.store.records("things", { keys: ["b", "a"] })).toEqual([{ key: "a", revision: 2, value: { n: 2, text: "\u0000 \ud800 ünï" } }]);
      expect(await subject.store.records("others", { keys: ["a"] })).toEqual([{ key: "a", revision: 1, value: { other: true } }]);
      await put("a", undefined);
      expect(await subject.store.records("things", { keys: ["a"] })).toEqual([]);
      await put("a", {});
      expect(await subject.store.records("things", { keys: ["a"] })).toMatchObject([{ revision: 1 }]);
    });

    it("come in the order they are asked for by key", async () => {
      for (const key of ["a", "b", "c"]) await put(key, {});
      expect(await keys({ keys: ["c", "a", "b"] })).toEqual(["c", "a", "b"]);
    });

    it("are listed under the first parts of their keys, in order, forwards and backwards, page by page", async () => {
      const all = [recordKey("room", 9), recordKey("room", 10), recordKey("room", "ä"), recordKey("room", "\uffee"), recordKey("room", "😀"), recordKey("room", "😀", "x")];
      for (const key of [...all, recordKey("room!", 1), recordKey("roo"), "room", recordKey("rop", 1)].toReversed()) await put(key, {});
      const under = recordKey("room");
      expect(await keys({ under, limit: 100 })).toEqual(all);
      expect(await keys({ under, limit: 100, reverse: true })).toEqual(all.toReversed());
      expect(await keys({ under, limit: 2, after: recordKey("room", 9) })).toEqual(all.slice(1, 3));
      expect(await keys({ under, limit: 2, after: recordKey("room", "ä"), reverse: true })).toEqual([all[1], all[0]]);
      expect(await keys({ under, limit: 2, after: "a" })).toEqual(all.slice(0, 2));
      expect(await keys({ under, limit: 2, after: "z", reverse: true })).toEqual(all.slice(-2).toReversed());
      expect(await keys({ limit: 100 })).toHaveLength(all.length + 4);
      expect(await keys({ limit: 1, reverse: true })).toEqual([recordKey("rop", 1)]);
    });

    it("are written all or none, when each has the revision it is expected to have", async () => {
      expect(await put("a", { n: 1 }, 0)).toBe(true);
      expect(await put("a", { n: 2 }, 0)).toBe(false);
      expect(await put("a", { n: 2 }, 1)).toBe(true);
      const both = (expect: number) => subject.store.writeRecords([{ collection: "things", key: "b", value: {} }, { collection: "things", key: "a", expect }]);
      expect(await both(1)).toBe(false);
      expect(await keys({ limit: 10 })).toEqual(["a"]);
      expect(await both(2)).toBe(true);
      expect(await keys({ limit: 10 })).toEqual(["b"]);
    });

    it("let only one of many have what all of them expect", async () => {
      await put("counter", { n: 0 });
      const increase = async (): Promise<void> => {
        const [record] = await subject.store.records("things", { keys: ["counter"] });
        const n = z.object({ n: z.number() }).parse(record?.value).n + 1;
        if (!(await put("counter", { n }, record?.revision))) await increase();
      };
      await Promise.all(Array.from({ length: 8 }, increase));
      expect(await subject.store.records("things", { keys: ["counter"] })).toMatchObject([{ value: { n: 8 }, revision: 9 }]);
      expect((await Promise.all(Array.from({ length: 8 }, () => put("new", {}, 0)))).filter(Boolean)).toHaveLength(1);
    });

    it("are written with the event that brings them, and not with its repetition", async () => {
      const ask = { ...sending("hello"), records: [{ collection: "things", key: "a", value: { of: "event" } }] };
      expect((await subject.append("room", ask))?.outcome).toBe("stored");
      expect((await subject.append("room", ask))?.outcome).toBe("repeated");
      expect(await subject.store.records("things", { keys: ["a"] })).toEqual([{ key: "a", revision: 1, value: { of: "event" } }]);
      const lost = { ...changing({ type: "message.deleted", messageId: sending("never sent").draft.id }), records: [{ collection: "things", key: "b", value: {} }] };
      await expect(subject.append("room", lost)).rejects.toMatchObject({ code: "not-found" });
      const writing = (text: string, value?: object) => ({ ...sending(text), records: [{ collection: "things", key: "c", ...(value !== undefined && { value }) }] });
      await subject.store.append("room", [writing("1", { n: 1 }), writing("2"), writing("3", { n: 3 })]);
      expect(await subject.store.records("things", { keys: ["b", "c"] })).toMatchObject([{ key: "c", value: { n: 3 } }]);
    });
  });

  describe("lists of events", () => {
    it("have each event at its place, and not its repetition", async () => {
      const listed = { collection: "published", under: recordKey("room", "poll.opened") };
      const ask = { ...changing({ type: "room.updated", settings: { access: "open", writers: "everyone", isLocked: false, slowModeMs: 0 } }), listed };
      await subject.send("room", "before");
      const event = eventOf(await subject.append("room", ask));
      await subject.append("room", ask);
      expect(await subject.store.records("published", { under: listed.under, limit: 10 })).toMatchObject([{ key: recordKey("room", "poll.opened", event.seq), value: { id: event.id } }]);
    });
  });

  describe("events about the room", () => {
    const settings = { access: "private", writers: "members", isLocked: true, slowModeMs: 1_000, name: "Secret garden" } as const;

    it("have their place in the log and change no message", async () => {
      await subject.send("room", "before");
      const event = eventOf(await subject.append("room", changing({ type: "room.updated", settings })));
      const joined = eventOf(await subject.append("room", changing({ type: "member.changed", change: "joined", member: { user: { id: "bob", name: "Robert" }, role: "member" } })));
      expect([event, joined]).toMatchObject([{ seq: 2, settings }, { seq: 3, member: { role: "member" } }]);
      expect((await subject.log("room")).slice(1)).toEqual([event, joined]);
      expect(await subject.newest("room")).toMatchObject([{ text: "before", rev: 1 }]);
    });

    it("are forgotten with the names in them", async () => {
      const asks = [changing({ type: "room.updated", settings }, { at: 1 }), changing({ type: "member.changed", change: "joined", member: { user: { id: "bob", name: "Robert" }, role: "member" } }, { at: 2 }), publishing("poll.opened", { question: "Secret garden?" }, { at: 3 })];
      await subject.store.append("room", asks);
      for (let isDone = false; !isDone; ) ({ isDone } = await subject.store.forget({ messages: 10, ids: 0 }));
      const kept = await subject.store.eventsById("room", asks.map(({ draft }) => draft.id));
      expect(kept).toHaveLength(3);
      expect(JSON.stringify(kept)).not.toMatch(/Robert|Secret|Ann/);
      expect((await subject.store.append("room", asks)).map(({ outcome }) => outcome)).toEqual(["repeated", "repeated", "repeated"]);
    });
  });
}
