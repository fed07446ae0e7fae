import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { PostgresServer } from "../../../test/postgres-server.js";
import type { ChatStore, StoreIdentity } from "../chat-store.js";
import { sending } from "../contract/drafts.js";
import type { PostgresStoreOptions } from "./options.js";
import { postgresStore } from "./postgres-store.js";

let server: PostgresServer;
let connectionString: string;
beforeEach(async () => {
  server = await PostgresServer.start();
  connectionString = await server.createDatabase();
}, 60_000);
afterEach(() => server.stop());

async function open(options: PostgresStoreOptions = { connectionString }): Promise<{ store: ChatStore; identity: StoreIdentity }> {
  const store = postgresStore(options);
  onTestFinished(() => store.close());
  return { store, identity: await store.open() };
}

const unavailable = { code: "unavailable", retry: "same" };
const numbered = (count: number) => Array.from({ length: count }, (_, n) => sending(`${n}`));

/** Each way to use a store in which a number or an id is given or asked for. */
const uses: [string, (store: ChatStore) => Promise<unknown>][] = [
  ["append", (store) => store.append("room", numbered(1))],
  ["heads", (store) => store.heads(["room"])],
  ["heads of no room", (store) => store.heads([])],
  ["eventsById", (store) => store.eventsById("room", ["nothing"])],
  ["eventsAfter", (store) => store.eventsAfter("room", 0, 10)],
  ["messages", (store) => store.messages("room", { limit: 10 })],
  ["messagesById", (store) => store.messagesById("room", ["nothing"])],
  ["receipts", (store) => store.receipts("nowhere")],
  ["moveReceipt", (store) => store.moveReceipt("room", "ann", 5)],
];

describe("after a failover to a standby that was behind", () => {
  it("is another store to every server of it, whatever is asked first, and nothing asked of the old one is done", async () => {
    const stores = await Promise.all(uses.map(() => open({ connectionString, poolSize: 2 })));
    const [first] = stores;
    await first?.store.append("room", numbered(3));
    await server.keepStandby();
    const lost = numbered(2);
    await first?.store.append("room", lost);
    await server.failOver();
    for (const [index, [, use]] of uses.entries()) {
      const { store, identity } = stores[index] ?? (await open());
      expect(identity.replaced?.aborted).toBe(false);
      await expect(use(store)).rejects.toMatchObject(unavailable);
      expect(identity.replaced?.aborted).toBe(true);
      await expect(store.heads(["room"])).rejects.toMatchObject(unavailable);
    }
    const identities = await Promise.all(stores.map(({ store }) => store.open()));
    expect(new Set(identities.map(({ epoch }) => epoch)).size).toBe(1);
    expect(identities[0]?.epoch).not.toBe(first?.identity.epoch);
    expect(identities[0]?.secret).toEqual(first?.identity.secret);
    expect(await first?.store.heads(["room"])).toEqual([3]);
    expect(await first?.store.receipts("room")).toEqual([]);
    // What was lost is not known there, and gets a new place.
    expect(await first?.store.append("room", lost)).toMatchObject([{ outcome: "stored", event: { seq: 4 } }, { outcome: "stored", event: { seq: 5 } }]);
    expect(await stores[1]?.store.heads(["room"])).toEqual([5]);
    expect(identities.map(({ replaced }) => replaced?.aborted)).toEqual(identities.map(() => false));
  }, 60_000);

  it("is another one each time, also to a standby that counts its timeline like the one before", async () => {
    const { store, identity } = await open();
    const epochs = [identity.epoch];
    await server.keepStandby();
    for (let times = 0; times < 2; times++) {
      await server.failOver();
      expect(await server.query("select timeline from (select left(pg_walfile_name(pg_current_wal_lsn()), 8) as timeline) as t")).toEqual([{ timeline: "00000002" }]);
      await expect(store.heads([])).rejects.toMatchObject(unavailable);
      epochs.push((await store.open()).epoch);
    }
    expect(new Set(epochs).size).toBe(3);
  }, 60_000);

  it("is not read from while it is a standby", async () => {
    const { store, identity } = await open();
    await store.append("room", numbered(1));
    await server.keepStandby();
    await store.append("room", numbered(1));
    await server.loseToStandby();
    await expect(store.heads(["room"])).rejects.toMatchObject(unavailable);
    expect(identity.replaced?.aborted).toBe(false);
    await expect(postgresStore({ connectionString }).open()).rejects.toMatchObject(unavailable);
    await server.promote();
    await expect(store.heads(["room"])).rejects.toMatchObject(unavailable);
    expect(identity.replaced?.aborted).toBe(true);
  }, 60_000);
});

describe("while and after a dump is put back", () => {
  const tables = ["meta", "rooms", "events", "messages", "receipts", "migrations"];

  const forEach = (sql: (table: string) => string) => server.query(tables.map(sql).join(";"), connectionString);

  it("is another store, and not before all of it is there", async () => {
    const { store, identity } = await open();
    await store.append("room", numbered(3));
    await server.query("create schema dump", connectionString);
    await forEach((table) => `create table dump.${table} as table chat_widget.${table}`);
    await store.append("room", numbered(2));
    // In the order of `pg_restore`: tables, what is in them, and then their keys.
    await forEach((table) => `drop table chat_widget.${table}; create table chat_widget.${table} (like dump.${table})`);
    for (const [, use] of uses) await expect(use(store)).rejects.toMatchObject(unavailable);
    expect(identity.replaced?.aborted).toBe(false);
    await forEach((table) => `insert into chat_widget.${table} select * from dump.${table}`);
    await expect(store.heads(["room"])).rejects.toMatchObject(unavailable);
    expect(identity.replaced?.aborted).toBe(true);
    await expect(store.open()).rejects.toMatchObject(unavailable);
    await server.query(`${[["meta", "key"], ["rooms", "id"], ["events", "room_id, seq"], ["messages", "room_id, seq"], ["receipts", "room_id, user_id"], ["migrations", "version"]].map(([table, key]) => `alter table chat_widget.${table} add primary key (${key})`).join(";")}`, connectionString);
    const { epoch, secret } = await store.open();
    expect(epoch).not.toBe(identity.epoch);
    expect(secret).toEqual(identity.secret);
    expect(await store.heads(["room"])).toEqual([3]);
    expect(await store.append("room", numbered(1))).toMatchObject([{ event: { seq: 4 } }]);
  }, 60_000);
});

it("leaves the connections to a server that lives on beside the one that took its place", async () => {
  const { store, identity } = await open({ connectionString, poolSize: 2 });
  const before = await server.query("select pid from pg_stat_activity where application_name = 'chat-widget'");
  await server.query("update chat_widget.meta set value = gen_random_uuid() where key = 'epoch'", connectionString);
  await expect(store.heads(["room"])).rejects.toMatchObject(unavailable);
  expect((await store.open()).epoch).not.toBe(identity.epoch);
  await store.append("room", numbered(1));
  const after = await server.query("select pid from pg_stat_activity where application_name = 'chat-widget'");
  expect(before).toHaveLength(1);
  expect(after).not.toContainEqual(before[0]);
}, 60_000);

it("is the same to a server that may not ask for the timeline, which notices an epoch that was made by others", async () => {
  await server.query("revoke execute on function pg_control_system() from public; create role plain login; grant create on database test_1 to plain", connectionString);
  const plain = { connectionString: connectionString.replace("chat@", "plain@") };
  const { store, identity } = await open(plain);
  await server.query("grant usage on schema chat_widget to chat; grant all on all tables in schema chat_widget to chat", connectionString);
  for (const options of [plain, { connectionString }, plain, { connectionString }]) expect((await open(options)).identity.epoch).toBe(identity.epoch);
  expect(await server.query("select value ~ '^[0-9]+ [0-9]+ 00000001$' as is_whole from chat_widget.meta where key = 'mark'", connectionString)).toEqual([{ is_whole: true }]);
  await store.append("room", numbered(1));
  await server.query("update chat_widget.meta set value = gen_random_uuid() where key = 'epoch'", connectionString);
  await expect(store.append("room", numbered(1))).rejects.toMatchObject(unavailable);
  expect((await store.open()).epoch).not.toBe(identity.epoch);
  expect(await store.heads(["room"])).toEqual([1]);
}, 60_000);

it("is the same store after its server was away, and after a crash", async () => {
  const { store, identity } = await open();
  await server.restart();
  await store.append("room", numbered(1));
  await server.restart({ isCrash: true });
  expect(await store.append("room", numbered(1))).toMatchObject([{ event: { seq: 2 } }]);
  expect(identity.replaced?.aborted).toBe(false);
  expect((await open()).identity.epoch).toBe(identity.epoch);
}, 60_000);
