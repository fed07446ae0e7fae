import type { Report } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import { expect, it } from "vitest";
import { enter, ofTokens, roomId } from "../../test/moderators.js";
import { refusalOf } from "../../test/test-client.js";
import { startServer } from "../../test/test-server.js";
import type { ChatServerOptions } from "../options.js";

async function start(options: ChatServerOptions = {}) {
  const told: Report[] = [];
  const server = await startServer({ ...ofTokens, onReport: (report) => void told.push(report), ...options });
  const [ann, bob, mia] = [await enter(server.origin, "ann"), await enter(server.origin, "bob"), await enter(server.origin, "mia moderator")];
  return { ...server, told, ann, bob, mia };
}

it("puts what is reported into the list of moderators, once, with the text as it was and everybody's word", async () => {
  const { origin, ann, bob, mia, told } = await start();
  const cid = await enter(origin, "cid");
  const { id: messageId } = await bob.send(roomId, "buy my watches");
  await ann.ask("message:report", { roomId, messageId, reason: "spam", note: "everywhere" });
  await ann.ask("message:report", { roomId, messageId, reason: "hate" });
  await cid.ask("message:report", { roomId, messageId, reason: "harassment" });
  await bob.ask("message:delete", { roomId, id: uuidv7(), messageId });
  const { reports, next } = await mia.ask("report:list", { roomId });
  expect(next).toBeUndefined();
  expect(reports).toMatchObject([
    {
      roomId,
      messageId,
      author: { id: "bob" },
      text: "buy my watches",
      count: 2,
      complaints: [
        { by: "ann", reason: "spam", note: "everywhere" },
        { by: "cid", reason: "harassment" },
      ],
    },
  ]);
  expect(await mia.ask("report:list", {})).toEqual({ reports });
  expect(told).toMatchObject([{ id: reports[0]?.id, count: 1 }]);
  expect(await mia.hears("report:filed")).toMatchObject({ roomId });
  for (const other of [ann, bob, cid]) expect(other.all("report:filed")).toEqual([]);
});

it("keeps what many report at once together", async () => {
  const { origin, bob, mia, told } = await start();
  const { id: messageId } = await bob.send(roomId, "buy my watches");
  const crowd = await Promise.all(Array.from({ length: 6 }, (_, number) => enter(origin, `one-of-many-${number}`)));
  await Promise.all(crowd.map((client) => client.ask("message:report", { roomId, messageId, reason: "spam" })));
  const { reports } = await mia.ask("report:list", { roomId });
  expect(reports).toMatchObject([{ count: 6 }]);
  expect(new Set(reports[0]?.complaints.map(({ by }) => by)).size).toBe(6);
  expect(told.length).toBe(1);
});

it("takes an edited text for another, and one that was decided about for decided", async () => {
  const { ann, bob, mia, origin } = await start();
  const { id: messageId } = await bob.send(roomId, "watches");
  await ann.ask("message:report", { roomId, messageId, reason: "spam" });
  const [first] = (await mia.ask("report:list", { roomId })).reports;
  await mia.ask("report:resolve", { roomId, id: uuidv7(), reportId: first?.id ?? "", action: "dismissed" });
  const cid = await enter(origin, "cid");
  await cid.ask("message:report", { roomId, messageId, reason: "spam" });
  expect((await mia.ask("report:list", { roomId })).reports).toEqual([]);
  await bob.ask("message:edit", { roomId, id: uuidv7(), messageId, text: "fake watches" });
  await ann.ask("message:report", { roomId, messageId, reason: "spam" });
  expect((await mia.ask("report:list", { roomId })).reports).toMatchObject([{ text: "fake watches", count: 1 }]);
});

it("deletes the message with the decision, once, and notes both with the reason", async () => {
  const { ann, bob, mia } = await start();
  const { id: messageId } = await bob.send(roomId, "watches");
  await ann.ask("message:report", { roomId, messageId, reason: "spam" });
  const [report] = (await mia.ask("report:list", { roomId })).reports;
  const decision = { roomId, id: uuidv7(), reportId: report?.id ?? "", action: "deleted", reason: "advertising" } as const;
  const decided = await mia.ask("report:resolve", decision);
  expect(decided).toMatchObject({ report: { text: "watches", resolution: { by: "mia", action: "deleted" } } });
  expect(await mia.ask("report:resolve", decision)).toEqual(decided);
  expect(await refusalOf(mia.ask("report:resolve", { ...decision, action: "dismissed" }))).toMatchObject({ code: "conflict" });
  await ann.hears("room:events", ({ events }) => events.some(({ type }) => type === "message.deleted"));
  expect(await ann.ask("message:read", { roomId, messageIds: [messageId] })).toMatchObject({ messages: [{ text: "", deletedBy: "mia" }] });
  const { entries } = await mia.ask("audit:read", { roomId });
  expect(entries.map(({ action, by, userId, messageId: about, reason }) => ({ action, by, userId, about, reason }))).toEqual(
    ["message.deleted", "report.deleted"].map((action) => ({ action, by: "mia", userId: "bob", about: messageId, reason: "advertising" })),
  );
  expect((await mia.ask("report:list", { roomId })).reports).toEqual([]);
  expect(JSON.stringify([ann.heard, bob.heard])).not.toContain("advertising");
});

it("stores what `moderate` flags and reports it in the same moment, an edit too, and once however often it is asked", async () => {
  const { ann, bob, mia, told } = await start({ moderate: ({ text }) => (text.includes("watches") ? { flag: "sells something" } : undefined) });
  const id = uuidv7();
  for (const _ of [1, 2]) expect(await bob.send(roomId, "watches!", id)).toMatchObject({ seq: 1, text: "watches!" });
  await bob.ask("message:edit", { roomId, id: uuidv7(), messageId: id, text: "hello" });
  await bob.ask("message:edit", { roomId, id: uuidv7(), messageId: id, text: "more watches" });
  await ann.ask("message:report", { roomId, messageId: id, reason: "spam" });
  const { reports } = await mia.ask("report:list", {});
  expect(reports).toMatchObject([
    { messageId: id, text: "watches!", count: 1, complaints: [{ reason: "other", note: "sells something" }] },
    { messageId: id, text: "more watches", count: 2, complaints: [{ note: "sells something" }, { by: "ann", reason: "spam" }] },
  ]);
  expect(told.map(({ text }) => text)).toEqual(["watches!", "more watches"]);
  // Who wrote it is told nothing of it.
  expect(JSON.stringify(bob.heard)).not.toMatch(/sells something|report/);
});

it("gives the list in pages", async () => {
  const { ann, bob, mia, chat } = await start();
  for (const text of ["one", "two", "three"]) {
    const { id: messageId } = await bob.send(roomId, text);
    await ann.ask("message:report", { roomId, messageId, reason: "spam" });
  }
  const first = await mia.ask("report:list", { roomId, limit: 2 });
  expect(first.reports.map(({ text }) => text)).toEqual(["one", "two"]);
  const rest = await mia.ask("report:list", { roomId, limit: 2, after: first.next });
  expect([rest.reports.map(({ text }) => text), rest.next]).toEqual([["three"], undefined]);
  expect((await chat.moderation.reports({ limit: 1 })).map(({ text }) => text)).toEqual(["one"]);
  const [report] = first.reports;
  await chat.moderation.resolve({ roomId, reportId: report?.id ?? "" }, { by: "spam-filter", action: "acted" });
  expect((await chat.moderation.reports()).length).toBe(2);
  expect(await refusalOf(chat.moderation.resolve({ roomId: "other", reportId: report?.id ?? "" }, { by: "spam-filter", action: "acted" }))).toMatchObject({ code: "not-found" });
});

it("takes only so many reports of one user, and none of what they cannot read or is deleted", async () => {
  const { ann, bob } = await start({ rates: { report: { burst: 2, perSecond: 0.01 } } });
  const { id: messageId } = await bob.send(roomId, "hello");
  const report = { roomId, messageId, reason: "spam" } as const;
  expect(await refusalOf(ann.ask("message:report", { ...report, roomId: "elsewhere" }))).toMatchObject({ code: "forbidden" });
  await bob.ask("message:delete", { roomId, id: uuidv7(), messageId });
  expect(await refusalOf(ann.ask("message:report", report))).toMatchObject({ code: "conflict" });
  expect(await refusalOf(ann.ask("message:report", report))).toMatchObject({ code: "rate-limited" });
});
