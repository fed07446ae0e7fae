import { expect, it } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { connect, refusalOf } from "../../test/test-client.js";
import { ManualClock } from "../../test/manual-clock.js";
import { startServer } from "../../test/test-server.js";
import { answerBytes } from "../rooms/answer-size.js";

const roomId = "lobby";
const bot = { id: "bot", name: "Bot" };

async function start(options: Parameters<typeof startServer>[0] = {}) {
  const server = await startServer(options);
  const ann = await connect(server.origin);
  await ann.ask("room:join", { roomId });
  return { ...server, ann, room: server.chat.room(roomId) };
}

it("tells which parts of a text were looked for", async () => {
  const { ann, room } = await start();
  const text = "Déjà-vu: «DEJA vu», 東京都 and dejavu";
  await room.send({ author: bot, text });
  const parts = async (query: string) => (await ann.ask("message:search", { roomIds: [roomId], query })).results.map(({ highlights }) => highlights.map(({ start, end }) => text.slice(start, end)));
  expect(await parts("deja")).toEqual([["Déjà", "DEJA", "dejavu"]]);
  expect(await parts("deja ")).toEqual([["Déjà", "DEJA"]]);
  expect(await parts("deja-vu")).toEqual([["Déjà-vu", "DEJA vu"]]);
  expect(await parts("京都 vu ")).toEqual([["vu", "vu", "京都"]]);
  expect(await parts("«»")).toEqual([]);
});

it("shows a message as it reads now, or not at all", async () => {
  const { ann, room } = await start();
  const [kept, gone] = [await ann.send(roomId, "a plan"), await ann.send(roomId, "another plan")];
  await ann.ask("message:edit", { roomId, id: uuidv7(), messageId: kept.id, text: "a better plan" });
  await ann.ask("message:delete", { roomId, id: uuidv7(), messageId: gone.id });
  const { results } = await ann.ask("message:search", { roomIds: [roomId], query: "plan" });
  expect(results).toEqual([{ roomId, message: await room.message(kept.id), highlights: [{ start: 9, end: 13 }] }]);
  expect(await room.search("another")).toEqual({ results: [] });
});

it("answers in pages that end before a packet is too large", async () => {
  const { ann, room } = await start({ limits: { textBytes: 65_536, packetBytes: 200_000 }, rates: { search: { burst: 1_000, perSecond: 1_000 } } });
  for (let n = 0; n < 12; n++) await room.send({ author: bot, text: `word ${n} ${'"'.repeat(n === 5 ? 65_000 : 30_000)}` });
  const seqs: number[] = [];
  for (let cursor: { roomId: string; seq: number } | undefined; ; ) {
    const answer = await ann.ask("message:search", { roomIds: [roomId], query: "word", limit: 50, ...(cursor && { cursor }) });
    expect(JSON.stringify(answer).length).toBeLessThan(answerBytes + 1_024);
    seqs.push(...answer.results.map(({ message }) => message.seq));
    cursor = answer.next;
    if (cursor === undefined) break;
  }
  expect(seqs).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
});

it("tells of the first fifty places in a text, and gives fifty messages at most", async () => {
  const { ann, room } = await start();
  for (let n = 0; n < 60; n++) await room.send({ author: bot, text: "so ".repeat(60) });
  const { results, next } = await ann.ask("message:search", { roomIds: [roomId], query: "so", limit: 1_000 });
  expect([results.length, results[0]?.highlights.length, next]).toEqual([50, 50, { roomId, seq: 11 }]);
});

it("refuses too many words, and searches that come too often, in a class of their own", async () => {
  const { ann } = await start({ clock: new ManualClock() });
  const search = (query: string) => ann.ask("message:search", { roomIds: [roomId], query });
  expect(await refusalOf(search("a ".repeat(21)))).toMatchObject({ code: "too-large", details: { limit: 20 } });
  for (let n = 0; n < 19; n++) await search("a");
  expect(await refusalOf(search("a"))).toMatchObject({ code: "rate-limited", retryAfterMs: 2_000 });
  await ann.ask("history:read", { roomId });
});

it("gives the application the same, in rooms that nobody has open too", async () => {
  const { chat } = await start();
  await chat.room("quiet").send({ author: bot, text: "first word" });
  await chat.room("quiet").send({ author: { id: "cat", name: "Cat" }, text: "second word" });
  const { results, next } = await chat.room("quiet").search("word", { limit: 1 });
  expect(results.map(({ message }) => message.text)).toEqual(["second word"]);
  expect((await chat.room("quiet").search("word", { limit: 1, ...(next && { cursor: next }) })).results).toMatchObject([{ message: { text: "first word" } }]);
  expect((await chat.room("quiet").search("word", { from: "bot" })).results).toHaveLength(1);
  expect(await refusalOf(chat.room("quiet").search(""))).toMatchObject({ code: "invalid" });
});
