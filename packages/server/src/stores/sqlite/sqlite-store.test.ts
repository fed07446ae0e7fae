import { copyFile, mkdtemp, readFile, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ChatError } from "@chat-widget/protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ChatStore } from "../chat-store.js";
import { deleting, editing, sending } from "../contract/drafts.js";
import { describeStore } from "../store-contract.js";
import { findDriver, libsql } from "./driver.js";
import { drivers, watching, type Watched } from "./drivers-under-test.js";
import { sqliteStore, sqliteStoreOn, type SqliteStoreOptions } from "./sqlite-store.js";

describe.each(drivers)("on %s", (_, open) => {
  describeStore("SQLite store in a file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sqlite-store-"));
    const options = { filename: join(folder, "deep", "chat.db") };
    const store = sqliteStoreOn(open, options);
    return {
      store,
      async reopen() {
        await store.close();
        return sqliteStoreOn(open, options);
      },
      cleanUp: () => rm(folder, { recursive: true }),
    };
  });

  describeStore("SQLite store in memory", async () => ({ store: sqliteStoreOn(open, { filename: ":memory:" }) }));
});

describe.each(drivers)("SQLite store on %s", (_, open) => {
  let folder: string;
  let filename: string;
  const stores: ChatStore[] = [];
  const connections: Watched[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sqlite-store-"));
    filename = join(folder, "chat.db");
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    for (const connection of connections) expect(connection.isClosed).toBe(true);
    connections.splice(0);
    await rm(folder, { recursive: true });
  });

  async function start(options: Partial<SqliteStoreOptions> = {}): Promise<ChatStore> {
    const store = sqliteStoreOn(watching(open, connections), { filename, ...options });
    stores.push(store);
    await store.open();
    return store;
  }
  /** The store's own connection to the database. */
  const connection = (): Watched => {
    const found = connections.find((one) => one.filename === filename && !one.isClosed);
    if (found === undefined) throw new Error("the store is not open");
    return found;
  };
  const texts = async (store: ChatStore) => (await store.messages("room", { limit: 10_000 })).messages.map(({ text }) => text);
  const filled = (size: number) => Array.from({ length: size }, (_, n) => sending(`${n} ${"x".repeat(1_000)}`));

  it("refuses a second server on the same file, by whatever name, and not a reader", async () => {
    const store = await start();
    await store.append("room", [sending("one")]);
    const link = join(folder, "link.db");
    await symlink(filename, link);
    for (const name of [filename, link]) {
      await expect(start({ filename: name })).rejects.toMatchObject({ code: "unavailable", message: `unable to open ${name}; another server has it open, and a SQLite store serves one` });
    }
    const reader = open(filename);
    expect(reader.prepare<{ n: number }>("select count(*) as n from events").get()?.n).toBe(1);
    reader.close();
    await store.append("room", [sending("two")]);
    expect(await texts(store)).toEqual(["one", "two"]);
  });

  it.each([
    ["power-loss", undefined, 2],
    ["process", "process", 1],
  ] as const)("waits as long as it says with durability %s", async (_, durability, synchronous) => {
    await start(durability && { durability });
    expect(connection().prepare("pragma synchronous").get()).toMatchObject({ synchronous });
    expect(connection().prepare("pragma journal_mode").get()).toMatchObject({ journal_mode: "wal" });
  });

  it("commits what is asked in one turn at once, whatever the room", async () => {
    const store = await start();
    const { executed } = connection();
    executed.splice(0);
    const asked = ["a", "b", "c"].flatMap((room) => [store.append(room, [sending("one")]), store.append(room, [sending("two")]), store.moveReceipt(room, "ann", 1)]);
    await Promise.all(asked);
    expect(executed.filter((sql) => sql === "commit")).toHaveLength(1);
    expect(await store.heads(["a", "b", "c"])).toEqual([2, 2, 2]);
  });

  it("stores nothing of a commit when the disk is full, leaves no hole, tells users no more than they need, and goes on afterwards", async () => {
    const store = await start();
    await store.append("room", [sending("before")]);
    connection().exec("pragma max_page_count = 1");
    const results = await Promise.allSettled([store.append("other", [sending("a")]), store.append("room", filled(100)), store.moveReceipt("room", "ann", 1)]);
    for (const result of results) {
      const error: unknown = result.status === "rejected" && result.reason;
      if (!ChatError.is(error)) throw new Error("it was stored");
      expect(error).toMatchObject({ code: "unavailable", retry: "same", message: "unable to write; the store's database cannot be used" });
      expect(error.cause).toMatchObject({ message: expect.stringContaining("disk is full") });
    }
    expect(await store.heads(["room", "other"])).toEqual([1, 0]);
    expect(await store.receipts("room")).toEqual([]);
    expect(await texts(store)).toEqual(["before"]);

    connection().exec("pragma max_page_count = 1000000");
    await store.append("room", filled(100));
    expect(await texts(store)).toHaveLength(101);
    expect(await store.heads(["room"])).toEqual([101]);
  });

  // SQLite ends the transaction itself on some errors (a full disk) and leaves it open on others.
  it.each(["abort", "rollback"])("stores nothing of a commit that fails with %s", async (kind) => {
    const store = await start();
    await store.append("room", [sending("before")]);
    connection().exec(`create trigger broken before insert on events when new.seq = 3 begin select raise(${kind}, 'disk on fire'); end`);
    const results = await Promise.allSettled([store.append("other", [sending("a")]), store.append("room", [sending("b"), sending("c")])]);
    expect(results).toMatchObject([{ status: "rejected", reason: { code: "unavailable" } }, { status: "rejected", reason: { code: "unavailable" } }]);
    expect(await store.heads(["room", "other"])).toEqual([1, 0]);
    connection().exec("drop trigger broken");
    await store.append("room", [sending("after")]);
    expect(await texts(store)).toEqual(["before", "after"]);
    expect(await store.heads(["room"])).toEqual([2]);
  });

  it("lets other rooms be when one room's appends are refused", async () => {
    const store = await start();
    const results = await Promise.allSettled([store.append("a", [sending("1")]), store.append("b", [sending("2"), deleting(sending("").draft.id)]), store.append("b", [sending("3")])]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await store.heads(["a", "b"])).toEqual([1, 1]);
  });

  it("finds everything by an index", async () => {
    await start();
    const { prepared, prepare } = connection();
    const queries = prepared.filter((sql) => !sql.startsWith("pragma") && !sql.startsWith("insert"));
    const plans = queries.map((sql) => prepare<{ detail: string }>(`explain query plan ${sql}`).all(...Array.from(sql.matchAll(/\?/g), () => 1)));
    expect(plans.length).toBeGreaterThan(8);
    for (const plan of plans) expect(plan.map(({ detail }) => detail)).toEqual([expect.stringMatching(/^SEARCH \w+ USING (PRIMARY KEY|INDEX)/)]);
  });

  it("leaves nothing of a deleted message on the disk", async () => {
    const store = await start();
    const [short, long] = [sending("short whisper"), sending("long whisper".repeat(2_000))];
    await store.append("room", [...filled(20), short, long, ...filled(20)]);
    await store.append("room", [editing(short.draft.id, "edited whisper")]);
    await store.append("room", [deleting(short.draft.id), deleting(long.draft.id)]);
    await store.close();
    const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), "latin1")));
    expect(files.join("")).toContain("x".repeat(1_000));
    expect(files.join("")).not.toContain("whisper");
  });

  it("leaves everything in the file itself when it closes", async () => {
    const store = await start();
    await store.append("room", filled(20));
    await store.close();
    const copy = join(folder, "copy.db");
    await copyFile(filename, copy);
    expect(await (await start({ filename: copy })).heads(["room"])).toEqual([20]);
  });

  it("opens what another driver wrote", async () => {
    for (const [name, other] of drivers) {
      const store = sqliteStoreOn(other, { filename });
      await store.open();
      await store.append("room", [sending(name)]);
      await store.close();
    }
    expect(await texts(await start())).toEqual(drivers.map(([name]) => name));
  });

  it("refuses tables of a newer release, and lets go of the file", async () => {
    await (await start()).close();
    const other = open(filename);
    other.exec("pragma user_version = 99");
    other.close();
    await expect(start()).rejects.toMatchObject({ code: "unavailable", message: expect.stringMatching(/^unable to open .*chat\.db; .*newer release/) });
    expect(connections.every(({ isClosed }) => isClosed)).toBe(true);
  });

  it("says why it cannot open", async () => {
    await (await start()).close();
    await expect(start({ filename: join(filename, "chat.db") })).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining(`unable to open ${filename}`) });
  });

  it("answers `unavailable` when it is not open", async () => {
    const store = sqliteStoreOn(open, { filename });
    const asked = [store.append("room", [sending("early")]), store.moveReceipt("room", "ann", 1), store.heads(["room"]), store.messages("room", { limit: 1 })];
    for (const result of await Promise.allSettled(asked)) expect(result).toMatchObject({ status: "rejected", reason: { code: "unavailable" } });
    expect(await readdir(folder)).toEqual([]);
  });
});

it.each(["chat.db", "file:chat.db?mode=memory", "libsql:chat.db"])("takes %s for the path of a file", async (filename) => {
  const names: string[] = [];
  const open = (name: string) => {
    names.push(name);
    throw new Error("far enough");
  };
  await expect(sqliteStoreOn(open, { filename }).open()).rejects.toThrow("far enough");
  expect(names).toEqual([resolve(filename)]);
});

it.each([
  [{ filename: "" }, "give the path of its file"],
  [{ filename: "chat.db", durability: "none" }, 'durability is "power-loss" or "process"'],
])("refuses the options %j with a sentence", (options, sentence) => {
  expect(() => Reflect.apply(sqliteStore, undefined, [options])).toThrow(sentence);
});

describe("findDriver", () => {
  afterEach(() => void vi.restoreAllMocks());

  it("takes libsql where the runtime has no SQLite", () => {
    vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
    const driver = findDriver()(":memory:");
    expect(driver.prepare("select name from pragma_function_list where name like 'libsql%'").get()).toBeDefined();
    driver.close();
  });

  it("says what to install when there is neither", () => {
    const load = () => {
      throw new Error("Cannot find module 'libsql'");
    };
    expect(() => libsql(load)).toThrow("install the package libsql, or use Node 22.13 or newer");
  });
});
