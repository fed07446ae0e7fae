import { copyFile, mkdtemp, readFile, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { ChatStore } from "../chat-store.js";
import { deleting, editing, sending } from "../contract/drafts.js";
import { describeStore } from "../store-contract.js";
import { findDriver, libsql, type Driver } from "./driver.js";
import { driverNames, openWith } from "./drivers-under-test.js";
import { sqliteStore, sqliteStoreOn, threadOptions, type SqliteStoreOptions } from "./sqlite-store.js";

describe.each(driverNames)("on %s", (driver) => {
  describeStore("SQLite store in a file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sqlite-store-"));
    const options = { filename: join(folder, "deep", "chat.db") };
    const store = sqliteStoreOn(driver, options);
    return {
      store,
      async reopen() {
        await store.close();
        return sqliteStoreOn(driver, options);
      },
      cleanUp: () => rm(folder, { recursive: true }),
    };
  });

  describeStore("SQLite store in memory", async () => ({ store: sqliteStoreOn(driver, { filename: ":memory:" }) }));
});

describe.each(driverNames)("SQLite store on %s", (driver) => {
  let folder: string;
  let filename: string;
  const stores: ChatStore[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sqlite-store-"));
    filename = join(folder, "chat.db");
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    await rm(folder, { recursive: true });
  });

  async function start(options: Partial<SqliteStoreOptions> = {}): Promise<ChatStore> {
    const store = sqliteStoreOn(driver, { filename, ...options });
    stores.push(store);
    await store.open();
    return store;
  }
  /** Another program's connection to the database. */
  const connect = (): Driver => {
    const connection = openWith(driver, filename);
    onTestFinished(() => connection.close());
    return connection;
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
    const reader = openWith(driver, filename);
    expect(reader.prepare<{ n: number }>("select count(*) as n from events").get()?.n).toBe(1);
    reader.close();
    await store.append("room", [sending("two")]);
    expect(await texts(store)).toEqual(["one", "two"]);
  });

  // SQLite ends the transaction itself on some errors (a full disk) and leaves it open on others.
  it.each(["abort", "rollback"])("stores nothing of a commit that fails with %s", async (kind) => {
    const store = await start();
    await store.append("room", [sending("before")]);
    connect().exec(`create trigger broken before insert on events when new.seq = 3 begin select raise(${kind}, 'disk on fire'); end`);
    const results = await Promise.allSettled([store.append("other", [sending("a")]), store.append("room", [sending("b"), sending("c")])]);
    // Users are told no more than they need; whoever reads the log is told all.
    for (const result of results) {
      const reason = { code: "unavailable", retry: "same", message: "unable to write; the store's database cannot be used", cause: { message: expect.stringContaining("disk on fire") } };
      expect(result).toMatchObject({ status: "rejected", reason });
    }
    expect(await store.heads(["room", "other"])).toEqual([1, 0]);
    connect().exec("drop trigger broken");
    await store.append("room", [sending("after")]);
    expect(await texts(store)).toEqual(["before", "after"]);
    expect(await store.heads(["room"])).toEqual([2]);
  });

  it("lets the process go on while it waits for the file", async () => {
    const store = await start();
    await store.append("room", [sending("before")]);
    const other = connect();
    other.exec("begin immediate");
    const written = store.append("room", [sending("after")]);
    // Were this thread the one that waits, nobody could let go of the file.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
    other.exec("rollback");
    expect(await written).toMatchObject([{ outcome: "stored", event: { seq: 2 } }]);
  });

  it("goes on, with everything that was committed, when its thread has ended", async () => {
    let worker: Worker | undefined;
    process.once("worker", (started) => (worker = started));
    const store = await start();
    await store.append("room", [sending("before")]);
    const asked = store.append("room", [sending("asked")]);
    await worker?.terminate();
    await expect(asked).rejects.toMatchObject({ code: "unavailable", retry: "same" });
    await store.append("room", [sending("after")]);
    expect((await texts(store)).filter((text) => text !== "asked")).toEqual(["before", "after"]);
  });

  it("lets other rooms be when one room's appends are refused", async () => {
    const store = await start();
    const results = await Promise.allSettled([store.append("a", [sending("1")]), store.append("b", [sending("2"), deleting(sending("").draft.id)]), store.append("b", [sending("3")])]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await store.heads(["a", "b"])).toEqual([1, 1]);
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

  it("leaves nothing of what a message was found by on the disk, deleted, edited or forgotten", async () => {
    const store = await start();
    const [gone, edited] = [sending("zebra quagga whisper"), sending("okapi whisperer")];
    for (let n = 0; n < 30; n += 1) await store.append("room", Array.from({ length: 10 }, (_, k) => sending(`filler${n} word${k}`)));
    await store.append("old room", [sending("axolotl whispering", { at: 1 })]);
    await store.append("room", [gone, edited, sending(Array.from({ length: 2_000 }, (_, n) => `gone${n}`).join(" "), { id: "019b76da-abe8-7000-8000-000000000001" })]);
    for (let n = 0; n < 30; n += 1) await store.append("room", Array.from({ length: 10 }, (_, k) => sending(`filler${n} more${k}`)));
    await store.append("room", [editing(edited.draft.id, "edited"), deleting(gone.draft.id), deleting("019b76da-abe8-7000-8000-000000000001")]);
    while (!(await store.forget({ messages: 2, ids: 0 })).isDone);
    await store.close();
    // What an edit replaced is in the log, which tells what happened; so it is looked for in the index alone.
    const reader = openWith(driver, filename);
    const blocks = reader.prepare<{ block: Uint8Array }>("select block from search_data").all();
    const contents = reader.prepare<{ c1: string }>("select c1 from search_content").all();
    reader.close();
    const index = blocks.map(({ block }) => Buffer.from(block).toString("latin1")).join("") + contents.map(({ c1 }) => c1).join("");
    expect(index).toContain("filler");
    // The index leaves out how a word begins where the word before it begins so too.
    for (const part of ["ebra", "uagga", "hisper", "kapi", "xolotl", "gone", "one1"]) expect([part, index.includes(part)]).toEqual([part, false]);
    const file = await readFile(filename, "latin1");
    for (const part of ["zebra", "quagga", "axolotl"]) expect([part, file.includes(part)]).toEqual([part, false]);
  });

  it("keeps no index when it is told so, says so, and finds nothing of it that was changed meanwhile", async () => {
    const edited = sending("first word");
    const store = await start();
    await store.append("room", [edited]);
    await store.close();
    const without = await start({ search: false });
    const query = { roomIds: ["room"], phrases: [{ words: ["word"], isPrefix: false }], limit: 5 };
    await expect(without.search(query)).rejects.toMatchObject({ code: "forbidden", message: "unable to search; this chat keeps no index" });
    await without.append("room", [editing(edited.draft.id, "another word"), sending("new word")]);
    await without.close();
    expect(await (await start()).search(query)).toEqual({ found: [] });
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
    for (const other of driverNames) {
      const store = sqliteStoreOn(other, { filename });
      await store.open();
      await store.append("room", [sending(other)]);
      await store.close();
    }
    expect(await texts(await start())).toEqual(driverNames);
  });

  it("refuses tables of a newer release, and lets go of the file", async () => {
    await (await start()).close();
    const other = openWith(driver, filename);
    other.exec("pragma user_version = 99");
    await expect(start()).rejects.toMatchObject({ code: "unavailable", message: expect.stringMatching(/^unable to open .*chat\.db; .*newer release/) });
    other.exec("begin exclusive; commit");
    other.close();
  });

  it("says why it cannot open", async () => {
    await (await start()).close();
    await expect(start({ filename: join(filename, "chat.db") })).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining(`unable to open ${filename}`) });
  });

  it("answers `unavailable` when it is not open", async () => {
    const store = sqliteStoreOn(driver, { filename });
    const asked = [store.append("room", [sending("early")]), store.moveReceipt("room", "ann", 1), store.heads(["room"]), store.messages("room", { limit: 1 })];
    for (const result of await Promise.allSettled(asked)) expect(result).toMatchObject({ status: "rejected", reason: { code: "unavailable" } });
    expect(await readdir(folder)).toEqual([]);
  });
});

it.each(["chat.db", "file:chat.db?mode=memory", "libsql:chat.db"])("takes %s for the path of a file, from where the process is when it is made", (filename) => {
  expect(threadOptions("libsql", { filename })).toEqual({ driver: "libsql", filename: resolve(filename), synchronous: "full", search: true });
});

it("waits for the disk unless it is told not to", () => {
  expect(threadOptions("libsql", { filename: ":memory:", durability: "process" })).toEqual({ driver: "libsql", filename: ":memory:", synchronous: "normal", search: true });
});

it.each([
  [{ filename: "" }, "give the path of its file"],
  [undefined, "give the path of its file"],
  [{ filename: "chat.db", sync: "off" }, "there is no option `sync`, the options are filename, durability and search"],
  [{ filename: "chat.db", search: "no" }, "search is true or false"],
  [{ filename: "chat.db", durability: "none" }, 'durability is "power-loss" or "process"'],
])("refuses the options %j with a sentence", (options, sentence) => {
  expect(() => Reflect.apply(sqliteStore, undefined, [options])).toThrow(sentence);
});

describe("findDriver", () => {
  afterEach(() => void vi.restoreAllMocks());

  it("takes libsql where the runtime has no SQLite", () => {
    vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
    expect(findDriver()).toBe("libsql");
  });

  it("says what to install when there is neither", () => {
    const load = () => {
      throw new Error("Cannot find module 'libsql'");
    };
    expect(() => libsql(load)).toThrow("install the package libsql, or use Node 22.13 or newer");
  });
});
