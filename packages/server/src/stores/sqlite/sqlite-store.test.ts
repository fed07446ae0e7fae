import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChatStore } from "../chat-store.js";
import { describeStore, sending } from "../store-contract.js";
import { openDriver, type DriverName } from "./driver.js";
import { sqliteStore, sqliteStoreOn } from "./sqlite-store.js";

const drivers: DriverName[] = ["node:sqlite", "libsql"];

for (const driver of drivers) {
  describeStore(`SQLite store on ${driver}`, async () => {
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
}

describe.each(drivers)("SQLite store on %s", (driver) => {
  let folder: string;
  let filename: string;
  const opened: ChatStore[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sqlite-store-"));
    filename = join(folder, "chat.db");
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    await rm(folder, { recursive: true });
  });

  async function open(): Promise<ChatStore> {
    const store = sqliteStoreOn(driver, { filename });
    opened.push(store);
    await store.open();
    return store;
  }
  const texts = async (store: ChatStore) => (await store.messages("room", { limit: 10_000 })).messages.map(({ text }) => text);

  it("refuses a second server on the same file, and not a reader", async () => {
    const store = await open();
    await store.append("room", [sending("one")]);
    await expect(open()).rejects.toMatchObject({ code: "unavailable", message: `unable to open ${filename}; another server has it open, and a SQLite store serves one` });
    const reader = openDriver(filename, driver);
    expect(reader.prepare<{ n: number }>("select count(*) as n from events").get()?.n).toBe(1);
    reader.close();
    await store.append("room", [sending("two")]);
    expect(await texts(store)).toEqual(["one", "two"]);
  });

  // SQLite ends the transaction itself on some errors (a full disk) and leaves it open on others.
  it.each(["abort", "rollback"])("stores nothing of a commit that fails with %s, leaves no hole, and goes on afterwards", async (kind) => {
    const store = await open();
    await store.append("room", [sending("before")]);
    const inTheWay = openDriver(filename, driver);
    inTheWay.exec(`create trigger full before insert on events when new.seq = 3 begin select raise(${kind}, 'disk is full'); end`);
    const results = await Promise.allSettled([store.append("other", [sending("a")]), store.append("room", [sending("b"), sending("c")])]);
    expect(results).toMatchObject([{ status: "rejected", reason: { code: "unavailable" } }, { status: "rejected", reason: { code: "unavailable" } }]);
    expect(await store.heads(["room", "other"])).toEqual([1, 0]);
    inTheWay.exec("drop trigger full");
    inTheWay.close();
    await store.append("room", [sending("after")]);
    expect(await texts(store)).toEqual(["before", "after"]);
    expect(await store.heads(["room"])).toEqual([2]);
  });

  it("lets other rooms be when one room's appends are refused", async () => {
    const store = await open();
    const broken = { ...sending("x"), draft: { type: "message.deleted", id: sending("").draft.id, by: "ann", messageId: sending("").draft.id } } as const;
    const [good, bad] = await Promise.allSettled([store.append("good", [sending("a")]), store.append("bad", [sending("b"), broken])]);
    expect([good?.status, bad?.status]).toEqual(["fulfilled", "rejected"]);
    expect(await store.heads(["good", "bad"])).toEqual([1, 0]);
  });

  it("refuses tables of a newer release", async () => {
    await (await open()).close();
    const other = openDriver(filename, driver);
    other.exec("pragma user_version = 99");
    other.close();
    await expect(open()).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("newer release") });
  });

  it("has every acknowledged message after its process was killed, and opens at once", async () => {
    const source = join(import.meta.dirname, "../..");
    const script = join(folder, "append.mjs");
    await writeFile(
      script,
      `import { createServer } from ${JSON.stringify(import.meta.resolve("vite"))};
       const vite = await createServer({ configFile: false, root: ${JSON.stringify(source)}, server: { middlewareMode: true, ws: false }, optimizeDeps: { noDiscovery: true }, logLevel: "error",
         resolve: { alias: [{ find: /^@chat-widget\\/(\\w+)$/, replacement: ${JSON.stringify(join(source, "../.."))} + "/$1/src/index.ts" }] } });
       const { sqliteStoreOn } = await vite.ssrLoadModule("/stores/sqlite/sqlite-store.ts");
       const { sending } = { sending: (text) => ({ draft: { type: "message.sent", id: crypto.randomUUID(), author: { id: "ann", name: "Ann" }, text }, at: 1, fingerprint: text }) };
       const store = sqliteStoreOn(${JSON.stringify(driver)}, { filename: ${JSON.stringify(filename)} });
       await store.open();
       for (let n = 0; ; n++) { await store.append("room", [sending(String(n))]); process.stdout.write(n + "\\n"); }`,
    );
    const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
    let acknowledged = -1;
    for await (const line of createInterface(child.stdout)) {
      acknowledged = Number(line);
      if (acknowledged >= 50) break;
    }
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(existsSync(`${filename}.lock`)).toBe(true);
    const kept = await texts(await open());
    expect(acknowledged).toBeGreaterThanOrEqual(50);
    expect(kept.length).toBeGreaterThan(acknowledged);
    expect(kept).toEqual(kept.map((_, n) => String(n)));
  });
});

it.each([
  [{ filename: "" }, "give the path of its file"],
  [{ filename: "chat.db", durability: "none" }, 'durability is "power-loss" or "process"'],
])("refuses the options %j with a sentence", (options, sentence) => {
  expect(() => Reflect.apply(sqliteStore, undefined, [options])).toThrow(sentence);
});
