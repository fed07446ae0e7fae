import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeAppend } from "./contract/describe-append.js";
import { describeForget } from "./contract/describe-forget.js";
import { describeMessages } from "./contract/describe-messages.js";
import { describePrivacy } from "./contract/describe-privacy.js";
import { describeReading } from "./contract/describe-reading.js";
import { describeRecords } from "./contract/describe-records.js";
import { describeSearch } from "./contract/describe-search.js";
import { eventOf, sending } from "./contract/drafts.js";
import { describeThreads } from "./contract/describe-threads.js";
import { Subject, type StoreUnderTest } from "./contract/subject.js";

/** What every `ChatStore` promises, as tests. `create` gives a fresh store that is not yet open. */
export function describeStore(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    const subject = new Subject(create);
    beforeEach(() => subject.setUp());
    afterEach(() => subject.tearDown());

    describeAppend(subject);
    describeMessages(subject);
    describeForget(subject);
    describePrivacy(subject);
    describeReading(subject);
    describeRecords(subject);
    describeSearch(subject);
    describeThreads(subject);

    describe("eventsAfter", () => {
      it("gives what follows a place, up to a limit, and the head", async () => {
        await subject.sendNumbers("room", 5);
        const read = async (seq: number, limit: number) => {
          const log = await subject.store.eventsAfter("room", seq, limit);
          return log.kind === "events" && [log.head, ...log.events.map((event) => event.seq)];
        };
        expect(await read(1, 3)).toEqual([5, 2, 3, 4]);
        expect(await read(2, 3)).toEqual([5, 3, 4, 5]);
        expect(await read(3, 3)).toEqual([5, 4, 5]);
        expect(await read(5, 3)).toEqual([5]);
        expect(await read(9, 3)).toEqual([5]);
        expect(await subject.store.eventsAfter("empty", 0, 3)).toEqual({ kind: "events", head: 0, events: [] });
      });
    });

    describe("receipts", () => {
      it("only grow, each user's in each room", async () => {
        await subject.store.moveReceipt("room", "ann", 5);
        await Promise.all([3, 7, 6].map((seq) => subject.store.moveReceipt("room", "ann", seq)));
        await subject.store.moveReceipt("room", "ann", 4);
        await subject.store.moveReceipt("room", "bob", 1);
        await subject.store.moveReceipt("other", "ann", 2);
        const receipts = await subject.store.receipts("room");
        expect(receipts.toSorted((a, b) => b.seq - a.seq)).toEqual([
          { userId: "ann", seq: 7 },
          { userId: "bob", seq: 1 },
        ]);
        expect(await subject.store.receipts("other")).toEqual([{ userId: "ann", seq: 2 }]);
        expect(await subject.store.receipts("elsewhere")).toEqual([]);
      });
    });

    it("is somebody of its own", async () => {
      const other = await create();
      const [mine, theirs] = [await subject.store.open(), await other.store.open()];
      expect(mine.epoch).not.toBe(theirs.epoch);
      expect(mine.secret).toHaveLength(32);
      expect(Buffer.from(mine.secret).equals(theirs.secret)).toBe(false);
      await other.store.close();
      await other.cleanUp?.();
    });

    it("finishes what was asked before it closes", async () => {
      const asked = subject.store.append("room", [sending("last")]);
      const moved = subject.store.moveReceipt("room", "ann", 1);
      await subject.store.close();
      expect((await asked)[0]?.outcome).toBe("stored");
      expect(await moved).toBeUndefined();
    });

    it("is the same after it was opened again", async () => {
      const { epoch, secret } = await subject.store.open();
      const ask = sending("kept");
      const event = eventOf(await subject.append("room", ask));
      await subject.store.moveReceipt("room", "ann", 1);
      if (!(await subject.reopen())) return;
      expect(await subject.store.open()).toMatchObject({ epoch, secret });
      expect(await subject.log("room")).toEqual([event]);
      expect(await subject.newest("room")).toMatchObject([{ text: "kept" }]);
      expect(await subject.store.receipts("room")).toEqual([{ userId: "ann", seq: 1 }]);
      expect((await subject.append("room", ask))?.outcome).toBe("repeated");
      expect(await subject.send("room", "next")).toMatchObject({ seq: 2 });
    });
  });
}
