import { applyEvent, messageIdOf, type Message } from "@chat-widget/protocol";
import * as fc from "fast-check";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import type { Append, PageQuery } from "../chat-store.js";
import { ann, bob, changing, deleting, editing, eventOf, sending } from "./drafts.js";
import type { Subject } from "./subject.js";

const step = fc.record({ kind: fc.constantFrom("send", "edit", "delete", "react", "unreact", "again"), target: fc.nat(5), user: fc.constantFrom("ann", "bob") });

/** What `messages`, `messagesById` and a deletion promise. */
export function describeMessages(subject: Subject): void {
  /** The texts of a page of one-letter messages, and whether there is more before and after. */
  const page = async (query: PageQuery) => {
    const { messages, hasOlder, hasNewer } = await subject.store.messages("room", query);
    return [messages.map(({ text }) => text).join(""), hasOlder, hasNewer];
  };

  describe("messages", () => {
    it("are what the log folds to, whatever happened", async () => {
      let rooms = 0;
      const batches = fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(batches, async (batches) => {
          const roomId = `room-${rooms++}`;
          const asked: Append[] = [];
          const sent: string[] = [];
          const ask = ({ kind, target, user: by }: (typeof batches)[number][number]): Append => {
            const messageId = sent[target];
            if (kind === "again") return asked[target] ?? sending("again");
            if (kind === "send" || messageId === undefined) return sending(kind);
            if (kind === "edit") return editing(messageId, `edited ${target}`, { by });
            if (kind === "delete") return deleting(messageId, { by });
            return changing({ type: kind === "react" ? "reaction.added" : "reaction.removed", messageId, emoji: "👍" }, { by });
          };
          for (const batch of batches) {
            const appends = batch.map((one) => {
              const append = ask(one);
              if (append.draft.type === "message.sent" && !asked.includes(append)) sent.push(append.draft.id);
              asked.push(append);
              return append;
            });
            await subject.store.append(roomId, appends);
          }
          const log = await subject.log(roomId);
          const folded = new Map<string, Message | undefined>();
          for (const event of log) folded.set(messageIdOf(event) ?? "", applyEvent(folded.get(messageIdOf(event) ?? ""), event));
          expect(await subject.newest(roomId)).toEqual([...folded.values()]);
          expect(log.map(({ id }) => id)).toEqual([...new Set(asked.map(({ draft }) => draft.id))]);
          expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
        }),
        { numRuns: 25 },
      );
    });

    it("come in pages, with what is left on either side", async () => {
      await subject.sendNumbers("room", 5);
      expect(await page({ limit: 2 })).toEqual(["45", true, false]);
      expect(await page({ limit: 5 })).toEqual(["12345", false, false]);
      expect(await page({ before: 4, limit: 2 })).toEqual(["23", true, true]);
      expect(await page({ before: 4, limit: 3 })).toEqual(["123", false, true]);
      expect(await page({ before: 1, limit: 3 })).toEqual(["", false, true]);
      expect(await page({ before: 99, limit: 2 })).toEqual(["45", true, false]);
      expect(await page({ after: 2, limit: 2 })).toEqual(["34", true, true]);
      expect(await page({ after: 2, limit: 3 })).toEqual(["345", true, false]);
      expect(await page({ after: 0, limit: 9 })).toEqual(["12345", false, false]);
      expect(await page({ after: 5, limit: 9 })).toEqual(["", true, false]);
      expect(await page({ around: 3, limit: 1 })).toEqual(["3", true, true]);
      expect(await page({ around: 3, limit: 2 })).toEqual(["23", true, true]);
      expect(await page({ around: 3, limit: 9 })).toEqual(["12345", false, false]);
      expect(await page({ around: 1, limit: 4 })).toEqual(["12", false, true]);
      expect(await page({ around: 99, limit: 4 })).toEqual(["45", true, false]);
    });

    it("are counted in pages, not the events between them", async () => {
      const [first, second] = [sending("1"), sending("2")];
      await subject.store.append("room", [first, editing(first.draft.id, "a"), editing(first.draft.id, "b"), second, editing(second.draft.id, "c")]);
      expect(await page({ limit: 2 })).toEqual(["bc", false, false]);
      expect(await page({ before: 4, limit: 1 })).toEqual(["b", false, true]);
      expect(await page({ after: 2, limit: 1 })).toEqual(["c", true, false]);
      expect(await page({ around: 3, limit: 2 })).toEqual(["bc", false, false]);
    });

    it("say at which head they were read", async () => {
      const { id } = await subject.send("room", "one");
      await subject.append("room", editing(id, "two"));
      expect(await subject.store.messages("room", { limit: 1 })).toMatchObject({ asOf: 2, messages: [{ seq: 1, rev: 2 }] });
      expect(await subject.store.messages("empty", { limit: 1 })).toEqual({ asOf: 0, messages: [], hasOlder: false, hasNewer: false });
    });

    it("are found by id, the missing left out", async () => {
      const { id } = await subject.send("room", "found");
      expect(await subject.store.messagesById("room", [uuidv7(), id])).toMatchObject([{ id, text: "found" }]);
      expect(await subject.store.messagesById("room", [])).toEqual([]);
    });

    it("and their events are found by the ids of commands, the missing left out", async () => {
      const { id } = await subject.send("room", "found");
      const edit = editing(id, "changed");
      const edited = eventOf(await subject.append("room", edit));
      expect(await subject.store.eventsById("room", [edit.draft.id, uuidv7(), id])).toEqual([edited, expect.objectContaining({ id, seq: 1 })]);
      expect([await subject.store.eventsById("room", []), await subject.store.eventsById("other", [id])]).toEqual([[], []]);
    });
  });

  describe("a deleted message", () => {
    it("leaves no text in the log, not of its edits and not of an edit that came too late, and touches no other", async () => {
      const [ask, other] = [sending("secret"), sending("kept")];
      const { id } = ask.draft;
      await subject.store.append("room", [ask, other, editing(id, "secret too"), editing(other.draft.id, "kept too"), deleting(id), editing(id, "secret still")]);
      expect(JSON.stringify([await subject.log("room"), await subject.newest("room")])).not.toContain("secret");
      expect((await subject.log("room")).map((event) => ("text" in event ? event.text : event.type))).toEqual(["", "kept", "", "kept too", "message.deleted", ""]);
      expect((await subject.newest("room")).map(({ text }) => text)).toEqual(["", "kept too"]);
    });

    it("leaves nothing of its files in the log, which a message had until then", async () => {
      const attachments = [{ id: uuidv7(), name: "secret.pdf", type: "application/pdf", size: 7 }];
      const ask: Append = { draft: { type: "message.sent", id: uuidv7(), author: ann, text: "", attachments }, at: 1_000, fingerprint: "file" };
      await subject.store.append("room", [ask]);
      expect([await subject.log("room"), await subject.newest("room")]).toMatchObject([[{ attachments }], [{ attachments }]]);
      await subject.append("room", deleting(ask.draft.id));
      expect(JSON.stringify([await subject.log("room"), await subject.newest("room")])).not.toContain("secret");
    });

    it("still answers its own ids, and no other user", async () => {
      const ask = sending("secret");
      const edit = editing(ask.draft.id, "secret too");
      const deletion = deleting(ask.draft.id);
      const late = editing(ask.draft.id, "secret still");
      await subject.store.append("room", [ask, edit, deletion]);
      expect(eventOf(await subject.append("room", late))).toMatchObject({ seq: 4, text: "" });
      expect(await subject.store.append("room", [ask, edit, deletion, late])).toMatchObject([1, 2, 3, 4].map((seq) => ({ outcome: "repeated", event: { seq } })));
      // Nobody knows any more what was asked, so anything of this user is taken for it.
      expect(await subject.append("room", sending("other", { id: ask.draft.id }))).toMatchObject({ outcome: "repeated", event: { seq: 1, text: "" } });
      expect(await subject.append("room", sending("secret", { id: ask.draft.id, author: bob }))).toEqual({ outcome: "conflict" });
    });
  });
}
