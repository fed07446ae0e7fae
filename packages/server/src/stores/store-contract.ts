import { applyEvent, messageIdOf, type Message, type RoomEvent } from "@chat-widget/protocol";
import * as fc from "fast-check";
import { v7 as uuidv7 } from "uuid";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Append, Appended, ChatStore, EventDraft } from "./chat-store.js";

/** A store under test, and how to open what it kept once more. */
export interface StoreUnderTest {
  store: ChatStore;
  /** Closes it and opens the same again; missing where nothing outlives the process. */
  reopen?(): Promise<ChatStore>;
  /** Removes what the test left. */
  cleanUp?(): Promise<void>;
}

const ann = { id: "ann", name: "Ann" };

/** An append as the commands make it; the text stands for the fingerprint. */
export function sending(text: string, { id = uuidv7(), author = ann, at = 1_000 } = {}): Append {
  return { draft: { type: "message.sent", id, author, text }, at, fingerprint: text };
}

function changing(draft: DistributiveOmit<Exclude<EventDraft, { type: "message.sent" }>, "id" | "by">, { id = uuidv7(), by = "ann", at = 2_000 } = {}): Append {
  return { draft: { ...draft, id, by }, at, fingerprint: JSON.stringify(draft) };
}
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

function eventOf(appended: Appended | undefined): RoomEvent {
  if (appended === undefined || appended.outcome === "conflict") throw new Error("nothing was appended");
  return appended.event;
}

/** What every {@link ChatStore} promises, as tests. */
export function describeStore(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let subject: StoreUnderTest;
    let store: ChatStore;

    beforeEach(async () => {
      subject = await create();
      store = subject.store;
      await store.open();
    });
    afterEach(async () => {
      await store.close();
      await subject.cleanUp?.();
    });

    const append = async (roomId: string, one: Append) => (await store.append(roomId, [one]))[0];
    const send = async (roomId: string, text: string) => eventOf(await append(roomId, sending(text)));
    const log = async (roomId: string) => {
      const read = await store.eventsAfter(roomId, 0, 100_000);
      if (read.kind !== "events") throw new Error("the log was trimmed");
      return read.events;
    };
    const newest = async (roomId: string) => (await store.messages(roomId, { limit: 1_000 })).messages;

    describe("append", () => {
      it("numbers the events of a room from 1 without a hole, however many come at once", async () => {
        const rooms = ["a", "b", "c"];
        await Promise.all(Array.from({ length: 150 }, (_, n) => append(rooms[n % 3] ?? "a", sending(`${n}`))));
        for (const room of rooms) expect((await log(room)).map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
      });

      it("keeps the order of a batch, and of batches asked one after the other", async () => {
        const batches = Array.from({ length: 10 }, (_, batch) => [1, 2, 3].map((n) => sending(`${batch}.${n}`)));
        const results = await Promise.all(batches.map((batch) => store.append("room", batch)));
        const texts = (await newest("room")).map(({ text }) => text);
        expect(texts).toEqual(batches.flat().map(({ fingerprint }) => fingerprint));
        expect(results.flat().map((result) => eventOf(result).seq)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
      });

      it("answers an id asked again with its first event", async () => {
        const ask = sending("once");
        const first = await append("room", ask);
        expect(first?.outcome).toBe("stored");
        expect(await append("room", { ...ask, at: 9_999 })).toEqual({ outcome: "repeated", event: eventOf(first) });
        expect(await log("room")).toHaveLength(1);
      });

      it("stores one of many equal asks, in one batch and at once", async () => {
        const ask = sending("once");
        const results = (await Promise.all([store.append("room", [ask, ask]), store.append("room", [ask]), append("room", ask)])).flat();
        expect(results.map((result) => result?.outcome).toSorted()).toEqual(["repeated", "repeated", "repeated", "stored"]);
        expect(await log("room")).toHaveLength(1);
      });

      it.each([
        ["other content", (id: string) => sending("other", { id })],
        ["another user", (id: string) => sending("mine", { id, author: { id: "bob", name: "Bob" } })],
        ["another kind of event", (id: string) => changing({ type: "message.edited", messageId: id, text: "mine" }, { id })],
      ])("refuses a used id with %s", async (_, again) => {
        const id = uuidv7();
        await append("room", sending("mine", { id }));
        expect(await append("room", again(id))).toEqual({ outcome: "conflict" });
        expect(await log("room")).toHaveLength(1);
      });

      it("leaves no hole for a repeat or a conflict inside a batch", async () => {
        const ask = sending("one");
        const results = await store.append("room", [ask, ask, sending("other", { id: ask.draft.id }), sending("two")]);
        expect(results.map(({ outcome }) => outcome)).toEqual(["stored", "repeated", "conflict", "stored"]);
        expect((await log("room")).map(({ seq }) => seq)).toEqual([1, 2]);
      });

      it("keeps the rooms apart, also for the same id", async () => {
        const ask = sending("here");
        await append("here", ask);
        expect((await append("there", ask))?.outcome).toBe("stored");
        expect(await log("here")).toHaveLength(1);
        expect(await store.messagesById("elsewhere", [ask.draft.id])).toEqual([]);
      });

      it("refuses a change to a message the room does not have, and stores nothing of that batch", async () => {
        const change = changing({ type: "message.deleted", messageId: uuidv7() });
        await expect(store.append("room", [sending("with it"), change])).rejects.toMatchObject({ code: "not-found" });
        await send("room", "after");
        expect((await log("room")).map((event) => event.type)).toEqual(["message.sent"]);
      });

      it("takes a change to a message of the same batch", async () => {
        const ask = sending("first");
        await store.append("room", [ask, changing({ type: "message.edited", messageId: ask.draft.id, text: "second" })]);
        expect((await newest("room")).map(({ text }) => text)).toEqual(["second"]);
      });

      it.each(["'; drop table events; --", "__proto__", "constructor", "%", "\u{1F469}\u200D\u{1F680}", "a\"b`c\\d"])("takes %j as a room, a user and a text like any other", async (odd) => {
        const author = { id: odd, name: odd };
        await append(odd, sending(odd, { author }));
        await store.moveReceipt(odd, odd, 1);
        expect(await newest(odd)).toMatchObject([{ text: odd, author }]);
        expect(await store.receipts(odd)).toEqual([{ userId: odd, seq: 1 }]);
        expect(await store.heads(["room", odd])).toEqual([0, 1]);
      });
    });

    describe("messages", () => {
      it("are what the log folds to, whatever happened", async () => {
        let room = 0;
        const step = fc.record({ kind: fc.constantFrom("send", "edit", "delete", "react", "unreact"), target: fc.nat(5), user: fc.constantFrom("ann", "bob") });
        await fc.assert(
          fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
            const roomId = `room-${room++}`;
            const ids: string[] = [];
            for (const { kind, target, user } of steps) {
              const messageId = ids[target];
              const by = { by: user };
              if (kind === "send" || messageId === undefined) ids.push(eventOf(await append(roomId, sending(kind))).id);
              else if (kind === "edit") await append(roomId, changing({ type: "message.edited", messageId, text: `edited ${target}` }, by));
              else if (kind === "delete") await append(roomId, changing({ type: "message.deleted", messageId }, by));
              else await append(roomId, changing({ type: kind === "react" ? "reaction.added" : "reaction.removed", messageId, emoji: "👍" }, by));
            }
            const folded = new Map<string, Message | undefined>();
            for (const event of await log(roomId)) folded.set(messageIdOf(event), applyEvent(folded.get(messageIdOf(event)), event));
            expect(await newest(roomId)).toEqual([...folded.values()]);
          }),
          { numRuns: 25 },
        );
      });

      it("come in pages from the newest back, with what is left on either side", async () => {
        for (let n = 1; n <= 5; n++) await send("room", `${n}`);
        const page = async (query: Parameters<ChatStore["messages"]>[1]) => {
          const { messages, hasOlder, hasNewer } = await store.messages("room", query);
          return [messages.map(({ text }) => text).join(""), hasOlder, hasNewer];
        };
        expect(await page({ limit: 2 })).toEqual(["45", true, false]);
        expect(await page({ limit: 5 })).toEqual(["12345", false, false]);
        expect(await page({ before: 4, limit: 2 })).toEqual(["23", true, true]);
        expect(await page({ before: 4, limit: 3 })).toEqual(["123", false, true]);
        expect(await page({ before: 1, limit: 3 })).toEqual(["", false, true]);
        expect(await page({ after: 2, limit: 2 })).toEqual(["34", true, true]);
        expect(await page({ after: 2, limit: 3 })).toEqual(["345", true, false]);
        expect(await page({ after: 0, limit: 9 })).toEqual(["12345", false, false]);
        expect(await page({ around: 3, limit: 2 })).toEqual(["23", true, true]);
        expect(await page({ around: 3, limit: 9 })).toEqual(["12345", false, false]);
      });

      it("say at which head they were read", async () => {
        await send("room", "one");
        await send("room", "two");
        expect(await store.messages("room", { limit: 1 })).toMatchObject({ asOf: 2 });
        expect(await store.messages("empty", { limit: 1 })).toEqual({ asOf: 0, messages: [], hasOlder: false, hasNewer: false });
      });

      it("are found by id, the missing left out", async () => {
        const { id } = await send("room", "found");
        expect(await store.messagesById("room", [uuidv7(), id])).toMatchObject([{ id, text: "found" }]);
      });
    });

    describe("a deleted message", () => {
      it("leaves no text in the log, not of its edits and not of an edit that came too late", async () => {
        const ask = sending("secret");
        const messageId = ask.draft.id;
        await append("room", ask);
        await append("room", changing({ type: "message.edited", messageId, text: "secret too" }));
        await append("room", changing({ type: "message.deleted", messageId }));
        await append("room", changing({ type: "message.edited", messageId, text: "secret still" }));
        expect(JSON.stringify([await log("room"), await newest("room")])).not.toContain("secret");
        expect((await log("room")).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
      });

      it("still answers its own id, and no other user", async () => {
        const ask = sending("secret");
        await append("room", ask);
        await append("room", changing({ type: "message.deleted", messageId: ask.draft.id }));
        expect(await append("room", ask)).toMatchObject({ outcome: "repeated", event: { seq: 1, text: "" } });
        expect(await append("room", sending("secret", { id: ask.draft.id, author: { id: "bob", name: "Bob" } }))).toEqual({ outcome: "conflict" });
      });
    });

    describe("eventsAfter", () => {
      it("gives what follows a place, up to a limit, and the head", async () => {
        for (let n = 1; n <= 5; n++) await send("room", `${n}`);
        const read = await store.eventsAfter("room", 1, 3);
        expect(read).toMatchObject({ kind: "events", head: 5, events: [{ seq: 2 }, { seq: 3 }, { seq: 4 }] });
        expect(await store.eventsAfter("room", 5, 3)).toEqual({ kind: "events", head: 5, events: [] });
        expect(await store.eventsAfter("empty", 0, 3)).toEqual({ kind: "events", head: 0, events: [] });
      });
    });

    describe("receipts", () => {
      it("only grow", async () => {
        await store.moveReceipt("room", "ann", 5);
        await store.moveReceipt("room", "ann", 3);
        await store.moveReceipt("room", "bob", 1);
        expect((await store.receipts("room")).toSorted((a, b) => a.userId.localeCompare(b.userId))).toEqual([
          { userId: "ann", seq: 5 },
          { userId: "bob", seq: 1 },
        ]);
        expect(await store.receipts("elsewhere")).toEqual([]);
      });
    });

    it("is somebody of its own", async () => {
      const other = await create();
      const [mine, theirs] = [await store.open(), await other.store.open()];
      expect(mine.epoch).not.toBe(theirs.epoch);
      expect(mine.secret).toHaveLength(32);
      expect(Buffer.from(mine.secret).equals(theirs.secret)).toBe(false);
      await other.store.close();
      await other.cleanUp?.();
    });

    it("finishes what was asked before it closes", async () => {
      const asked = store.append("room", [sending("last")]);
      await store.close();
      expect((await asked)[0]?.outcome).toBe("stored");
    });

    it("is the same after it was opened again", async () => {
      if (subject.reopen === undefined) return;
      const identity = await store.open();
      const ask = sending("kept");
      const event = eventOf(await append("room", ask));
      await store.moveReceipt("room", "ann", 1);
      store = await subject.reopen();
      expect(await store.open()).toEqual(identity);
      expect(await log("room")).toEqual([event]);
      expect(await newest("room")).toMatchObject([{ text: "kept" }]);
      expect(await store.receipts("room")).toEqual([{ userId: "ann", seq: 1 }]);
      expect((await append("room", ask))?.outcome).toBe("repeated");
      expect((await send("room", "next")).seq).toBe(2);
    });
  });
}
