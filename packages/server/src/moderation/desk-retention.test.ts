import { v7 as uuidv7 } from "uuid";
import { expect, it } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import { LogBook } from "../../test/test-server.js";
import { createReport } from "../logger.js";
import { memoryStore } from "../stores/memory-store.js";
import { ModerationDesk } from "./desk.js";

const hourMs = 3_600_000;
const ann = { id: "ann", name: "Ann" };
const everything = ["audit", "room-audit", "reports", "reported-texts", "open-reports", "open-reports-of-room", "report-voices"];

it("forgets reports and entries that are older than they should be, to the last record, and no others", async () => {
  const clock = new ManualClock();
  const store = memoryStore();
  await store.open();
  const log = new LogBook();
  const ignored = () => undefined;
  const desk = new ModerationDesk({ store, tell: ignored, pollMs: () => 60_000, clock, random: () => 0.5, report: createReport(log, undefined), retentionDays: 0.25, onBanned: ignored, onReport: ignored, onReported: ignored });
  const complain = async (text: string, seq: number) => {
    const message = { id: uuidv7(), seq, rev: seq, sentAt: clock.now(), author: ann, text, reactions: [] };
    for (const by of ["bob", "cid"]) await desk.reports.file("lobby", message, { by, reason: "spam" });
    await store.writeRecords(desk.audit.note({ action: "member.muted", by: "mia", roomId: "lobby", userId: text }));
  };
  const sizes = () => Promise.all(everything.map(async (collection) => (await store.records(collection, { limit: 100 })).length));
  await complain("old", 1);
  const one = await sizes();
  clock.advance(4 * hourMs);
  await complain("new", 2);
  expect(await sizes()).toEqual(one.map((size) => 2 * size));
  for (let passed = 0; passed < 8; passed += 1) {
    clock.advance(hourMs / 2);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await expect.poll(sizes).toEqual(one);
  expect((await desk.reports.list({ limit: 10 })).map(({ text, count }) => [text, count])).toEqual([["new", 2]]);
  expect(await desk.reports.list({ roomId: "lobby", limit: 10 })).toHaveLength(1);
  expect((await desk.audit.read({ roomId: "lobby", limit: 10 })).map(({ userId }) => userId)).toEqual(["new"]);
  expect(log.messages("error")).toEqual([]);
  desk.close();
});
