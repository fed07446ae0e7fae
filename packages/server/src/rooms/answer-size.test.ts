import * as fc from "fast-check";
import type { CommandInput, CommandOutput } from "@chat-widget/protocol";
import { expect, it } from "vitest";
import { connect } from "../../test/test-client.js";
import { startServer } from "../../test/test-server.js";
import { answerBytes, fitting } from "./answer-size.js";

const much = { burst: 100_000, perSecond: 100_000 };
const rates = { read: much, join: much, packets: much };
const limits = { textBytes: 65_536, packetBytes: 200_000 };
const author = { id: "bot", name: "Bot" };
/** What frames the messages of an answer here. */
const envelopeBytes = 1_024;

/** A server, someone who reads, and a way to fill a new room with messages of these lengths. */
async function startReading() {
  const { origin, chat } = await startServer({ rates, limits });
  const ann = await connect(origin);
  let rooms = 0;
  const fill = async (lengths: readonly number[]) => {
    const roomId = `room-${rooms++}`;
    // As JSON twice as long.
    const sent = await Promise.all(lengths.map((length) => chat.room(roomId).send({ author, text: '"'.repeat(length) })));
    const { catchUp } = await ann.ask("room:join", { roomId, limit: 200 });
    expect(sizeOf(catchUp)).toBeLessThan(answerBytes + envelopeBytes);
    return { roomId, ids: sent.toSorted((a, b) => a.seq - b.seq).map(({ id }) => id), catchUp };
  };
  const history = async (roomId: string, place: Omit<CommandInput<"history:read">, "roomId">): Promise<CommandOutput<"history:read">> => {
    const page = await ann.ask("history:read", { roomId, limit: 200, ...place });
    expect(sizeOf(page)).toBeLessThan(answerBytes + envelopeBytes);
    return page;
  };
  /** Reads on to the beginning of the room. */
  const older = async (roomId: string, page: { messages: { id: string; seq: number }[]; hasOlder: boolean }): Promise<string[]> => {
    const ids = page.messages.map(({ id }) => id);
    while (page.hasOlder) {
      const next = await history(roomId, { before: page.messages[0]?.seq ?? 0 });
      expect(next).toMatchObject({ hasNewer: true, messages: { length: expect.any(Number) } });
      expect(next.messages).not.toEqual([]);
      ids.unshift(...next.messages.map(({ id }) => id));
      page = next;
    }
    return ids;
  };
  /** Reads on to the end of the room. */
  const newer = async (roomId: string, page: CommandOutput<"history:read">): Promise<string[]> => {
    const ids = page.messages.map(({ id }) => id);
    while (page.hasNewer) {
      const next = await history(roomId, { after: page.messages.at(-1)?.seq ?? 0 });
      expect(next.hasOlder).toBe(true);
      expect(next.messages).not.toEqual([]);
      ids.push(...next.messages.map(({ id }) => id));
      page = next;
    }
    return ids;
  };
  return { ann, fill, history, older, newer };
}

const sizeOf = (answer: object) => Buffer.byteLength(JSON.stringify(answer));
const lengths = fc.array(fc.constantFrom(1, 10_000, 40_000, 65_536), { minLength: 1, maxLength: 16 });

it("takes as much as fits around any place, at least one and without a hole", () => {
  const item = fc.integer({ min: 1, max: 1.5 * answerBytes }).map((length) => ({ text: "x".repeat(length) }));
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 12 }), fc.nat(12), (items, place) => {
      const from = Math.min(place, items.length);
      const taken = fitting(items, from);
      const start = items.findIndex((item) => item === taken[0]);
      const end = start + taken.length;
      expect(taken).toEqual(items.slice(start, end));
      // It touches the place, and what is next to it on either side is too much.
      expect(start).toBeGreaterThanOrEqual(0);
      expect(start).toBeLessThanOrEqual(from);
      expect(end).toBeGreaterThanOrEqual(from);
      if (taken.length > 1) expect(sizeOf(taken)).toBeLessThanOrEqual(answerBytes + 1);
      for (const more of [items.slice(start - 1, end), items.slice(start, end + 1)]) {
        if (more.length > taken.length) expect(sizeOf(more)).toBeGreaterThan(answerBytes);
      }
    }),
  );
  expect(fitting([], 0)).toEqual([]);
});

it("leads back from the newest to the first message, whatever their sizes", async () => {
  const { fill, history, older } = await startReading();
  await fc.assert(
    fc.asyncProperty(lengths, async (lengths) => {
      const { roomId, ids, catchUp } = await fill(lengths);
      if (catchUp.kind !== "snapshot") throw new Error(`got ${catchUp.kind}`);
      expect(await older(roomId, catchUp)).toEqual(ids);
      expect(await older(roomId, await history(roomId, {}))).toEqual(ids);
    }),
    { numRuns: 30 },
  );
});

it("leads from any message to both ends, whatever their sizes", async () => {
  const { fill, history, older, newer } = await startReading();
  await fc.assert(
    fc.asyncProperty(lengths, fc.nat(15), async (lengths, place) => {
      const { roomId, ids } = await fill(lengths);
      expect(await newer(roomId, await history(roomId, { after: 0 }))).toEqual(ids);
      const around = 1 + (place % ids.length);
      const page = await history(roomId, { around });
      expect(page.messages.map(({ id }) => id)).toContain(ids[around - 1]);
      const back = await older(roomId, page);
      expect([...back, ...(await newer(roomId, page)).slice(page.messages.length)]).toEqual(ids);
    }),
    { numRuns: 30 },
  );
});

it("leads over all that was missed, whatever its sizes", async () => {
  const { ann, fill } = await startReading();
  await fc.assert(
    fc.asyncProperty(lengths, fc.nat(15), async (lengths, place) => {
      const { roomId, ids, catchUp } = await fill(lengths);
      const after = { epoch: catchUp.epoch, seq: place % ids.length };
      const told = ids.slice(0, after.seq);
      for (let more = true; more; ) {
        const page = await ann.ask("room:sync", { roomId, after, limit: 200 });
        if (page.kind !== "events") throw new Error(`got ${page.kind}`);
        expect(page).toMatchObject({ head: ids.length });
        expect(sizeOf(page)).toBeLessThan(answerBytes + envelopeBytes);
        expect(page.events).not.toEqual([]);
        told.push(...page.events.map(({ id }) => String(id)));
        ({ more } = page);
        after.seq = told.length;
      }
      expect(told).toEqual(ids);
    }),
    { numRuns: 30 },
  );
});

it("leads over all messages that are asked for by their ids, whatever their sizes", async () => {
  const { ann, fill } = await startReading();
  await fc.assert(
    fc.asyncProperty(lengths, async (lengths) => {
      const { roomId, ids } = await fill(lengths);
      let missing = ids;
      while (missing.length > 0) {
        const answer = await ann.ask("message:read", { roomId, messageIds: missing });
        expect(sizeOf(answer)).toBeLessThan(answerBytes + envelopeBytes);
        expect(answer.messages).not.toEqual([]);
        missing = missing.filter((id) => answer.messages.every((message) => message.id !== id));
      }
    }),
    { numRuns: 30 },
  );
});
