import * as fc from "fast-check";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import type { Append, Reading } from "../chat-store.js";
import { ann, bob, changing, deleting, sending } from "./drafts.js";
import type { Subject } from "./subject.js";

const names = ["ann", "bob", 'x"ann', "ann\\", "ann\\u0000", "Ann", "änn 🚀"];
/** Texts and data that look like something else where they are kept. */
const texts = ["", "hello", '"mentions":["ann"]', "\u0000 \ud800", "\\u0000\\ud800", '"author":{"id":"ann","deletedAt":1'];
const values = [undefined, { deletedAt: 1 }, { mentions: ["ann"], text: "" }, { author: { id: "ann" }, "\u0000": '"ann"', list: ["\udc00", "ann"] }];

const step = fc.oneof(
  fc.record({
    kind: fc.constant("send" as const),
    author: fc.constantFrom(...names),
    text: fc.constantFrom(...texts),
    mentions: fc.subarray(names),
    value: fc.constantFrom(...values),
    thread: fc.constantFrom("none" as const, "reply" as const, "both" as const),
  }),
  fc.record({ kind: fc.constantFrom("edit" as const, "delete" as const, "read" as const), target: fc.nat(8), mentions: fc.subarray(names) }),
);

/** What `reading` promises. */
export function describeReading(subject: Subject): void {
  describe("reading", () => {
    const read = (most = 100) => subject.store.reading("ann", ["room", "empty", "other"], most);
    const nothing: Reading = { seq: 0, unread: 0, mentions: 0 };
    const from = (author: { id: string; name: string }, text: string, said: { mentions?: string[]; value?: Record<string, unknown> | undefined; threadId?: string; alsoInRoom?: true } = {}): Append => {
      const { value, mentions = [], ...rest } = said;
      const id = uuidv7();
      return { draft: { type: "message.sent", id, author, text, ...rest, ...(mentions.length > 0 && { mentions }), ...(value && { data: { type: "card", value } }) }, at: 1_000, fingerprint: id };
    };

    it("says how far somebody has read, and counts what others wrote after it", async () => {
      await subject.sendNumbers("room", 3);
      await subject.store.append("other", [sending("1", { author: bob }), sending('"author":{"id":"ann","deletedAt":1', { author: bob }), sending("mine")]);
      expect(await read()).toEqual([nothing, nothing, { ...nothing, unread: 2 }]);
      await subject.store.moveReceipt("other", "ann", 1);
      await subject.store.moveReceipt("other", "bob", 3);
      expect(await read()).toMatchObject([{}, {}, { seq: 1, unread: 1 }]);
    });

    it("counts nothing that is deleted, and no further than asked", async () => {
      const asks = Array.from({ length: 8 }, (_, n) => from(bob, `${n}`, { mentions: ["ann"] }));
      await subject.store.append("room", asks);
      await subject.store.append("room", asks.slice(0, 3).map(({ draft }) => deleting(draft.id)));
      expect(await read()).toMatchObject([{ unread: 5, mentions: 5 }, {}, {}]);
      expect(await read(4)).toMatchObject([{ unread: 4, mentions: 4 }, {}, {}]);
      expect(await subject.store.reading("ann", [], 4)).toEqual([]);
    });

    it("counts a message without a text whatever its data says", async () => {
      await subject.store.append("room", [from(bob, "", { value: { deletedAt: 1 } }), from(bob, "", { value: { deletedAt: 1, nul: "\u0000 \ud800" } })]);
      expect(await read()).toMatchObject([{ unread: 2, mentions: 0 }, {}, {}]);
    });

    it("counts mentions behind more unread messages than it counts, of the next 1 000", async () => {
      const others = Array.from({ length: 998 }, () => from(bob, "hello"));
      await subject.store.append("room", [...others, from(bob, "@ann", { mentions: ["bob", "ann"] }), from(ann, "myself", { mentions: ["ann"] }), from(bob, "@ann", { mentions: ["ann"] })]);
      expect(await read(10)).toMatchObject([{ unread: 10, mentions: 1 }, {}, {}]);
      await subject.store.moveReceipt("room", "ann", 1);
      expect(await read(10)).toMatchObject([{ unread: 10, mentions: 2 }, {}, {}]);
    });

    it("counts what the folded messages say, whatever happened", async () => {
      let rooms = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 20 }), fc.constantFrom(2, 100), async (steps, most) => {
          const roomId = `room-${rooms++}`;
          const sent: string[] = [];
          for (const one of steps) {
            if (one.kind === "send") {
              const [root] = sent;
              const { author, text, mentions, value, thread } = one;
              const place = root === undefined || thread === "none" ? {} : { threadId: root, ...(thread === "both" && { alsoInRoom: true as const }) };
              const append = from({ id: author, name: "?" }, text, { mentions, value, ...place });
              await subject.store.append(roomId, [append]);
              // The first stays, for the others to hang below it.
              sent.push(append.draft.id);
              continue;
            }
            const messageId = sent[1 + one.target];
            if (messageId === undefined) continue;
            if (one.kind === "read") await subject.store.moveReceipt(roomId, "ann", one.target);
            else if (one.kind === "delete") await subject.store.append(roomId, [deleting(messageId)]);
            else await subject.store.append(roomId, [changing({ type: "message.edited", messageId, text: "edited", mentions: one.mentions })]);
          }
          const messages = await subject.newest(roomId);
          for (const userId of names) {
            const seq = (await subject.store.receipts(roomId)).find((receipt) => receipt.userId === userId)?.seq ?? 0;
            const unread = messages.filter((message) => message.seq > seq && message.author.id !== userId && message.deletedAt === undefined);
            const mentions = unread.filter((message) => message.mentions?.includes(userId));
            expect(await subject.store.reading(userId, [roomId], most)).toEqual([{ seq, unread: Math.min(unread.length, most), mentions: Math.min(mentions.length, most) }]);
          }
        }),
        { numRuns: 25 },
      );
    });
  });
}
