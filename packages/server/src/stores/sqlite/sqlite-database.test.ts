import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sending } from "../contract/drafts.js";
import { drivers } from "./driver.js";
import { driverNames, watching, type Watched } from "./drivers-under-test.js";
import { SqliteDatabase } from "./sqlite-database.js";

describe.each(driverNames)("SQLite database on %s", (driver) => {
  let folder: string;
  let filename: string;
  let database: SqliteDatabase | undefined;
  const connections: Watched[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sqlite-database-"));
    filename = join(folder, "chat.db");
  });
  afterEach(async () => {
    database?.close();
    for (const connection of connections) expect(connection.isClosed).toBe(true);
    connections.splice(0);
    await rm(folder, { recursive: true });
  });

  function start(synchronous: "full" | "normal" = "full"): SqliteDatabase {
    return (database = new SqliteDatabase({ filename, synchronous, search: true, open: watching(drivers[driver](), connections) }));
  }
  /** The connection to the database itself. */
  const connection = (): Watched => {
    const found = connections.find((one) => one.filename === filename && !one.isClosed);
    if (found === undefined) throw new Error("the database is not open");
    return found;
  };
  const filled = (size: number) => Array.from({ length: size }, (_, n) => sending(`${n} ${"x".repeat(1_000)}`));
  const texts = (one: SqliteDatabase) => one.messages("room", { limit: 10_000 }).messages.map(({ text }) => text);

  it.each([
    ["full", 2],
    ["normal", 1],
  ] as const)("waits for the disk as long as it is told: %s", (synchronous, level) => {
    start(synchronous);
    expect(connection().prepare("pragma synchronous").get()).toMatchObject({ synchronous: level });
    expect(connection().prepare("pragma journal_mode").get()).toMatchObject({ journal_mode: "wal" });
  });

  it("commits everything it is given at once", () => {
    const one = start();
    const { executed } = connection();
    executed.splice(0);
    const requests = ["a", "b", "c"].flatMap((roomId) => [{ roomId, appends: [sending("one")] }, { roomId, appends: [sending("two")] }]);
    one.commit(requests, [{ roomId: "a", userId: "ann", seq: 1 }]);
    expect(executed.filter((sql) => sql === "commit")).toHaveLength(1);
    expect(one.heads(["a", "b", "c"])).toEqual([2, 2, 2]);
    expect(one.receipts("a")).toEqual([{ userId: "ann", seq: 1 }]);
  });

  it("stores nothing of a commit when the disk is full, leaves no hole, and goes on afterwards", () => {
    const one = start();
    one.commit([{ roomId: "room", appends: [sending("before")] }], []);
    connection().exec("pragma max_page_count = 1");
    const asked = [{ roomId: "other", appends: [sending("a")] }, { roomId: "room", appends: filled(100) }];
    expect(() => one.commit(asked, [{ roomId: "room", userId: "ann", seq: 1 }])).toThrow("disk is full");
    expect(one.heads(["room", "other"])).toEqual([1, 0]);
    expect(one.receipts("room")).toEqual([]);
    expect(texts(one)).toEqual(["before"]);

    connection().exec("pragma max_page_count = 1000000");
    one.commit([{ roomId: "room", appends: filled(100) }], []);
    expect(texts(one)).toHaveLength(101);
    expect(one.heads(["room"])).toEqual([101]);
  });

  it("finds everything by an index", () => {
    start();
    const { prepared, prepare } = connection();
    const queries = prepared.filter((sql) => !sql.startsWith("pragma") && !sql.startsWith("insert"));
    const plans = queries.map((sql) => prepare<{ detail: string }>(`explain query plan ${sql}`).all(...Array.from(sql.matchAll(/\?/g), () => 1)));
    expect(plans.length).toBeGreaterThan(8);
    for (const plan of plans) for (const { detail } of plan) expect(detail).toMatch(/^SEARCH \w+ USING (PRIMARY KEY|INDEX|COVERING INDEX|INTEGER PRIMARY KEY)|^SCAN search VIRTUAL TABLE INDEX \d+:\D|^SCAN json_each (EXISTS )?VIRTUAL TABLE|^(CO-ROUTINE |SCAN )?\(?subquery-\d+\)?$|^(CORRELATED )?(SCALAR|REUSE|LIST) SUBQUERY|^CREATE BLOOM FILTER$/);
  });
});
