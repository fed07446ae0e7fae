import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { ChatStore } from "../src/stores/chat-store.js";
import { postgresStore } from "../src/stores/postgres/postgres-store.js";
import { sqliteStore } from "../src/stores/sqlite/sqlite-store.js";
import { enter, ofTokens, roomId } from "./moderators.js";
import { PostgresServer } from "./postgres-server.js";
import { connect, refusalOf } from "./test-client.js";
import { startServer } from "./test-server.js";

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await PostgresServer.start();
}, 60_000);
afterAll(() => postgres.stop());

/** Opens the same store each time it is called. */
type Open = () => ChatStore;

function ofFile(): Open {
  const folder = mkdtempSync(join(tmpdir(), "moderation-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return () => sqliteStore({ filename: join(folder, "chat.db") });
}

async function ofDatabase(): Promise<Open> {
  const connectionString = await postgres.createDatabase();
  return () => postgresStore({ connectionString });
}

describe.each([
  ["SQLite", ofFile],
  ["PostgreSQL", ofDatabase],
])("moderation on %s", (_name, makeOpen) => {
  it("still knows after a restart what was flagged, reported, decided, muted and banned", async () => {
    const open = await makeOpen();
    const options = { ...ofTokens, moderate: ({ text }: { text: string }) => (text.includes("watches") ? { flag: "sells" } : undefined) };
    const before = await startServer({ ...options, store: open() });
    const [ann, bob, mia] = [await enter(before.origin, "ann"), await enter(before.origin, "bob"), await enter(before.origin, "mia moderator")];
    const sent = await Promise.all(["watches", "more watches", "hello"].map((text) => bob.send(roomId, text)));
    await Promise.all(sent.flatMap(({ id: messageId }) => [ann, mia].map((client) => client.ask("message:report", { roomId, messageId, reason: "spam" }))));
    const { reports } = await mia.ask("report:list", { roomId });
    expect(reports.map(({ text, count }) => [text, count]).sort()).toEqual([["hello", 2], ["more watches", 3], ["watches", 3]]);
    const decided = reports.find(({ text }) => text === "hello");
    await mia.ask("report:resolve", { roomId, id: uuidv7(), reportId: decided?.id ?? "", action: "deleted" });
    await mia.ask("member:mute", { roomId, id: uuidv7(), userId: "ann", reason: "rude" });
    await before.chat.moderation.ban({ userId: "bob" }, { by: "mia", reason: "spam" });
    await before.chat.close();

    const after = await startServer({ ...options, store: open() });
    const { moderation } = after.chat;
    expect(await refusalOf(connect(after.origin, { token: "bob" }))).toMatchObject({ code: "banned" });
    const again = await enter(after.origin, "ann");
    expect(await refusalOf(again.send(roomId, "hello"))).toMatchObject({ code: "forbidden" });
    expect((await moderation.reports()).map(({ text }) => text).sort()).toEqual(["more watches", "watches"]);
    expect((await moderation.audit()).map(({ action }) => action)).toEqual(["user.banned", "member.muted", "message.deleted", "report.deleted"]);
    expect((await moderation.audit({ roomId })).length).toBe(3);
    const max = await enter(after.origin, "max moderator");
    expect(await refusalOf(max.ask("member:kick", { roomId, id: uuidv7(), userId: "mia" }))).toMatchObject({ code: "forbidden" });
  });
});
