import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SearchQuery } from "../chat-store.js";
import { findPhrases } from "../search/find-phrases.js";
import { phrasesOf } from "../search/search-terms.js";
import { bob, changing, deleting, editing, sending } from "./drafts.js";
import type { Subject } from "./subject.js";

/** What `search` promises. */
export function describeSearch(subject: Subject): void {
  const page = (query: string, options: Partial<SearchQuery> = {}) => subject.store.search({ roomIds: ["room"], phrases: phrasesOf(query), limit: 10, ...options });
  /** The texts found, in pages, until there is no more. */
  const find = async (query: string, options: Partial<SearchQuery> = {}) => {
    const texts: string[] = [];
    for (let cursor: SearchQuery["cursor"]; ; ) {
      const { found, next } = await page(query, { ...options, ...(cursor !== undefined && { cursor }) });
      texts.push(...found.map(({ message }) => message.text));
      if (next === undefined) return texts;
      cursor = next;
    }
  };
  const send = (...texts: string[]) => subject.store.append("room", texts.map((text) => sending(text)));

  describe("search", () => {
    it("finds messages that have all of the words, the last of which may go on, newest first", async () => {
      await send("the red fox", "a fox, red as rust", "foxes are red", "red", "a box");
      expect(await find("red fox")).toEqual(["foxes are red", "a fox, red as rust", "the red fox"]);
      expect(await find("red fox ")).toEqual(["a fox, red as rust", "the red fox"]);
      expect(await find("fox red")).toEqual(["a fox, red as rust", "the red fox"]);
      expect(await find('"red fox"')).toEqual(["the red fox"]);
      expect(await find("ed")).toEqual([]);
    });

    it.each([
      ["Straße nach Łódź", ["STRASSE", "strasse", "Łódź", "łódz"]],
      ["ΟΔΟΣ", ["οδός", "οδοσ"]],
      ["Crème brûlée", ["creme", "CRÈME BRULEE", "bru\u0302l"]],
      ["İstanbul ısısı", ["istanbul", "ISTANBUL"]],
      ["明日は東京都庁で会いましょう", ["東京", "京都", "東京都庁", "会いまし", "庁 東", "日"]],
      ["ﾊﾟｿｺﾝを買う", ["パソコン", "買う"]],
      ["สวัสดีครับ", ["สวัสดี", "ครับ"]],
      ["서울에서 만나요", ["서울", "만나"]],
      ["שָׁלוֹם עולם", ["שלום"]],
      ["مَرْحَبًا بالعالم", ["مرحبا"]],
      ["शक्ति और धन", ["शक्ति", "धन"]],
      ["ship it 🚀 👍🏽", ["🚀", "👍🏽", "ship 🚀"]],
      ["mail ann.lee@example.com or see chat-widget/server", ["ann.lee@example.com", "chat-widget", "example.com", "widget/serv"]],
      ["don't SHOUT_loud 3.14", ["don't", "shout", "loud", "3.14"]],
    ])("finds %j however it is written", async (text, queries) => {
      await send("something else", text);
      for (const query of queries) expect([query, await find(query)]).toEqual([query, [text]]);
    });

    it.each(['"', "*", "' OR 1=1 --", 'red" OR "blue', "red AND blue", "red OR blue", "NOT red", "-red", "red NEAR blue", "NEAR(red blue)", "words:red", "scope : red", "re%", "r_d", "^red", "red:*", "red & blue", "red | blue", "!red", "red <-> blue", "(red", "red\\", "$1", "{red}", "red\0"])(
      "takes %j for words and for nothing else",
      async (query) => {
        await send("red", "blue", "red blue", "nothing");
        const phrases = phrasesOf(query);
        const expected = phrases.length === 0 ? [] : ["red blue", "blue", "red"].filter((text) => findPhrases(text, phrases) !== undefined);
        if (phrases.length > 0) expect(await find(query)).toEqual(expected);
        for (const operator of ["or", "and", "not", "near", "words", "scope"]) {
          if (query.toLowerCase().split(/\P{L}+/u).includes(operator)) expect(expected).toEqual([]);
        }
      },
    );

    it("finds the very messages that have the phrases, whatever they are", async () => {
      const letters = fc.constantFrom("a", "b", "ab", "B", "é", "e", "京", "東", "か", " ", " ", "-", ".", '"', "'", "*", ":", "\\", "🚀", "\0", "\ud800", "ß");
      const text = fc.array(letters, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(""));
      let rooms = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(text, { maxLength: 8 }), fc.array(text, { minLength: 1, maxLength: 4 }), async (texts, queries) => {
          const roomId = `room-${rooms++}`;
          await subject.store.append(roomId, texts.map((text) => sending(text)));
          for (const query of queries) {
            const phrases = phrasesOf(query);
            if (phrases.length === 0) continue;
            const expected = texts.filter((text) => findPhrases(text, phrases) !== undefined).toReversed();
            expect(await find(query, { roomIds: [roomId], limit: 3 })).toEqual(expected);
          }
        }),
        { numRuns: 40 },
      );
    });

    it("finds a message by what it says now", async () => {
      const [edited, deleted] = [sending("first words"), sending("secret words")];
      await subject.store.append("room", [edited, deleted, changing({ type: "reaction.added", messageId: edited.draft.id, emoji: "👍" })]);
      expect(await find("words")).toEqual(["secret words", "first words"]);
      await subject.store.append("room", [editing(edited.draft.id, "second thoughts"), deleting(deleted.draft.id)]);
      await subject.append("room", changing({ type: "reaction.added", messageId: edited.draft.id, emoji: "🎉" }));
      expect(await find("words")).toEqual([]);
      expect(await find("first")).toEqual([]);
      expect(await find("second")).toEqual(["second thoughts"]);
      await subject.append("room", editing(deleted.draft.id, "secret again"));
      expect(await find("secret")).toEqual([]);
      const brief = sending("brief");
      await subject.store.append("room", [brief, editing(brief.draft.id, "longer")]);
      expect([await find("brief"), await find("longer")]).toEqual([[], ["longer"]]);
    });

    it("finds no message that is forgotten", async () => {
      await subject.store.append("room", [sending("old word", { at: 1 }), sending("new word", { at: 10 })]);
      const { next } = await page("word", { limit: 1 });
      await subject.store.forget({ messages: 5, ids: 0 });
      expect(await find("word")).toEqual(["new word"]);
      expect(await page("word", next && { cursor: next })).toEqual({ found: [] });
    });

    it("looks into the rooms asked for and no other, in the order they were written", async () => {
      for (const [room, text] of [["a", "one word"], ["b", "two words"], ["c", "a word of others"], ["a", "three words"], ["b", "four words"]] as const) await subject.send(room, text);
      const all = ["four words", "three words", "two words", "one word"];
      expect(await find("word", { roomIds: ["a", "b", "nowhere", "a"] })).toEqual(all);
      expect(await find("word", { roomIds: ["a", "b"], limit: 1 })).toEqual(all);
      expect(await find("word", { roomIds: ["nowhere"] })).toEqual([]);
      expect((await page("four", { roomIds: ["a", "b"] })).found).toMatchObject([{ roomId: "b", message: { seq: 2 } }]);
    });

    it.each(["'; drop table events; --", "__proto__", "%", "\u{1F469}\u200D\u{1F680}", 'a"b`c\\d', "r", "x".repeat(128)])("looks into a room and for an author called %j", async (odd) => {
      await subject.append(odd, sending("word", { author: { id: odd, name: "Odd" } }));
      await subject.append(odd, sending("word of bob", { author: bob }));
      expect(await find("word", { roomIds: [odd], from: odd })).toEqual(["word"]);
      expect(await find("word", { roomIds: [odd], from: `${odd}2` })).toEqual([]);
    });

    it("narrows by author and time", async () => {
      await subject.store.append("room", [10, 20, 30, 40].map((at) => sending(`word ${at}`, { at, author: at === 20 ? bob : { id: "ann", name: "Ann" } })));
      expect(await find("word", { from: "ann" })).toEqual(["word 40", "word 30", "word 10"]);
      expect(await find("word", { after: 20, before: 40 })).toEqual(["word 30", "word 20"]);
      expect(await find("word", { after: 20, before: 40, from: "ann", limit: 1 })).toEqual(["word 30"]);
    });

    it("gives pages that follow each other, though more is written between", async () => {
      await send(...Array.from({ length: 7 }, (_, n) => `word ${n}`));
      const first = await page("word", { limit: 3 });
      expect(first.found.map(({ message }) => message.text)).toEqual(["word 6", "word 5", "word 4"]);
      expect(first.next).toEqual({ roomId: "room", seq: 5 });
      await send("word 7");
      expect(await find("word", { limit: 3, ...(first.next && { cursor: first.next }) })).toEqual(["word 3", "word 2", "word 1", "word 0"]);
      expect(await page("word", { limit: 8 })).not.toHaveProperty("next");
    });

    it("comes to an end, however much is looked through for little", async () => {
      for (let batch = 0; batch < 5; batch += 1) await subject.store.append("room", Array.from({ length: 500 }, (_, n) => sending(n === 7 ? "needle in hay" : "hay", { at: batch === 0 && n === 7 ? 5 : 1_000 })));
      expect(await find("needle", { before: 100 })).toEqual(["needle in hay"]);
      expect(await find("hay", { before: 100 })).toEqual(["needle in hay"]);
    });

    it("takes a text of any size and words of any length", async () => {
      const long = `${"y".repeat(20_000)} ${"x ".repeat(1_500)}${"京".repeat(2_000)} tail ${"z ".repeat(5_000)}`;
      await send(long);
      for (const query of ["y".repeat(200), "京京京", "tail", "x"]) expect([query.length, (await find(query)).length]).toEqual([query.length, 1]);
    });

    it("is the same after it was opened again", async () => {
      await send("kept word");
      if (!(await subject.reopen())) return;
      await subject.store.open();
      expect(await find("kept")).toEqual(["kept word"]);
    });
  });
}
