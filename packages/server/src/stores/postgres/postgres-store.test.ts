import { setTimeout as pause } from "node:timers/promises";
import { ChatError } from "@chat-widget/protocol";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { PostgresServer } from "../../../test/postgres-server.js";
import { deleting, editing, sending } from "../contract/drafts.js";
import type { ChatStore } from "../chat-store.js";
import { describeStore } from "../store-contract.js";
import { isPassing, openPool } from "./client.js";
import type { PostgresStoreOptions } from "./options.js";
import { postgresStore } from "./postgres-store.js";

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
}, 60_000);
afterAll(() => server.stop());

let connectionString = "";
let schemas = 0;
describeStore("PostgreSQL store", async () => {
  connectionString ||= await server.createDatabase();
  const options = { connectionString, schema: `test_${(schemas += 1)}` };
  const store = postgresStore(options);
  return {
    store,
    async reopen() {
      await store.close();
      return postgresStore(options);
    },
  };
});

async function open(options: PostgresStoreOptions): Promise<ChatStore> {
  const store = postgresStore(options);
  onTestFinished(() => store.close());
  await store.open();
  return store;
}

const numbered = (count: number, of = "") => Array.from({ length: count }, (_, n) => sending(`${of}${n}`));

describe("several servers on one database", () => {
  it("open it at once, and are one store", async () => {
    const connectionString = await server.createDatabase();
    const stores = Array.from({ length: 5 }, () => postgresStore({ connectionString, poolSize: 2 }));
    onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))));
    const identities = await Promise.all(stores.map((store) => store.open()));
    expect(new Set(identities.map(({ epoch }) => epoch)).size).toBe(1);
    expect(new Set(identities.map(({ secret }) => Buffer.from(secret).toString("hex"))).size).toBe(1);
  });

  it("number the events of a room without a hole, whoever asks, and acknowledge no place twice", async () => {
    const connectionString = await server.createDatabase();
    const stores = [await open({ connectionString }), await open({ connectionString }), await open({ connectionString })];
    const results = await Promise.all(stores.flatMap((store, which) => Array.from({ length: 20 }, (_, n) => store.append("room", numbered(3, `${which} ${n} `)))));
    const seqs = results.flat().flatMap((result) => (result.outcome === "stored" ? [result.event.seq] : []));
    expect(seqs.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 180 }, (_, n) => n + 1));
    const log = await stores[0]?.eventsAfter("room", 0, 1_000);
    expect(log?.kind === "events" && log.events.map(({ seq }) => seq)).toEqual(Array.from({ length: 180 }, (_, n) => n + 1));
    expect(await stores[1]?.heads(["room", "nowhere"])).toEqual([180, 0]);
  });

  it("store what is asked of all of them once", async () => {
    const connectionString = await server.createDatabase();
    const stores = [await open({ connectionString }), await open({ connectionString })];
    for (let n = 0; n < 20; n++) {
      const asks = numbered(3, `${n} `);
      const results = await Promise.all(stores.map((store) => store.append("room", asks)));
      expect(results.flat().map(({ outcome }) => outcome).toSorted()).toEqual(["repeated", "repeated", "repeated", "stored", "stored", "stored"]);
    }
    expect(await stores[0]?.heads(["room"])).toEqual([60]);
  });

  it("read a log without holes while it is written", async () => {
    const connectionString = await server.createDatabase();
    const [writer, other, reader] = [await open({ connectionString }), await open({ connectionString }), await open({ connectionString })];
    const writing = Promise.all([writer, other].map(async (store, which) => {
      for (let n = 0; n < 60; n++) await store.append("room", numbered(2, `${which} ${n} `));
    }));
    let cursor = 0;
    while (cursor < 240) {
      const read = await reader.eventsAfter("room", cursor, 50);
      if (read.kind !== "events") throw new Error("it was trimmed");
      expect(read.events.map(({ seq }) => seq)).toEqual(read.events.map((_, n) => cursor + n + 1));
      cursor += read.events.length;
      expect(read.head).toBeGreaterThanOrEqual(cursor);
    }
    await writing;
  });
});

it("brings what was asked to its end when its connections are cut, once", async () => {
  const connectionString = await server.createDatabase();
  const store = await open({ connectionString });
  const asks = Array.from({ length: 20 }, (_, n) => numbered(2, `${n} `));
  const over = new AbortController();
  const cutting = (async () => {
    let cut = 0;
    for (; !over.signal.aborted; await pause(30)) cut += await server.terminateConnections();
    return cut;
  })();
  for (const ask of asks) {
    // What cannot be said now is asked again, as a client does.
    for (;;) {
      const done = await store.append("room", ask).then(() => true, (error: unknown) => {
        expect(error).toMatchObject({ code: "unavailable", retry: "same" });
        return false;
      });
      if (done) break;
    }
  }
  over.abort();
  expect(await cutting).toBeGreaterThan(0);
  const log = await store.eventsAfter("room", 0, 1_000);
  expect(log).toMatchObject({ kind: "events", head: 40 });
  expect(log.kind === "events" && log.events.map((event) => "text" in event && event.text)).toEqual(asks.flat().map(({ draft }) => "text" in draft && draft.text));
}, 60_000);

it("goes on after the server was away", async () => {
  const store = await open({ connectionString: await server.createDatabase() });
  await store.append("room", numbered(1));
  await server.restart();
  await store.append("room", numbered(1));
  expect(await store.heads(["room"])).toEqual([2]);
});

it("stores nothing of a change to what is not there, and frees the room", async () => {
  const store = await open({ connectionString: await server.createDatabase(), poolSize: 1 });
  await expect(store.append("room", [sending("one"), editing("nothing", "text")])).rejects.toMatchObject({ code: "not-found" });
  expect(await store.heads(["room"])).toEqual([0]);
  expect((await store.append("room", [sending("one")]))[0]).toMatchObject({ outcome: "stored", event: { seq: 1 } });
});

it("leaves no deleted text in its tables", async () => {
  const connectionString = await server.createDatabase();
  const store = await open({ connectionString });
  const ask = sending("s3cret words");
  await store.append("room", [ask]);
  await store.append("room", [editing(ask.draft.id, "s3cret others"), deleting(ask.draft.id)]);
  const pool = new Pool({ connectionString });
  const { rows } = await pool.query("select string_agg(body || fingerprint, '') as all from (select body, fingerprint from chat_widget.events union all select body, '' from chat_widget.messages) as t");
  await pool.end();
  expect(JSON.stringify(rows)).not.toContain("s3cret");
});

it("commits what is asked of many rooms together", async () => {
  const pool = new Pool({ connectionString: await server.createDatabase() });
  onTestFinished(() => pool.end());
  const commits = async () => (await pool.query<{ n: number }>("select count(distinct xmin::text)::int as n from chat_widget.events")).rows[0]?.n;
  const store = await open({ pool });
  const rooms = Array.from({ length: 100 }, (_, n) => `room ${n}`);
  await Promise.all(rooms.map((room) => store.append(room, numbered(1))));
  await pool.query("delete from chat_widget.events; delete from chat_widget.messages");
  await Promise.all(rooms.map((room) => store.append(room, numbered(1))));
  expect(await commits()).toBe(1);
  expect(await store.heads(rooms)).toEqual(rooms.map(() => 2));
});

it("lets others go on when somebody holds a room", async () => {
  const connectionString = await server.createDatabase();
  const store = await open({ connectionString });
  for (const room of ["held", "free"]) await store.append(room, numbered(1));
  const pool = new Pool({ connectionString });
  onTestFinished(() => pool.end());
  const holder = await pool.connect();
  await holder.query("begin; select from chat_widget.rooms where id = 'held' for update");
  const held = store.append("held", numbered(1));
  let isHeld = true;
  void held.then(() => (isHeld = false));
  for (let n = 0; n < 5; n++) await Promise.all([store.append("free", numbered(1)), store.append(`new ${n}`, numbered(1))]);
  expect([isHeld, await store.heads(["held", "free"])]).toEqual([true, [1, 6]]);
  await holder.query("commit");
  holder.release();
  expect(await held).toMatchObject([{ outcome: "stored", event: { seq: 2 } }]);
});

it("uses a pool that the application has, and another schema, and leaves the pool open", async () => {
  const pool = new Pool({ connectionString: await server.createDatabase() });
  onTestFinished(() => pool.end());
  const store = postgresStore({ pool, schema: "support" });
  await store.open();
  await store.append("room", numbered(1));
  await store.close();
  expect((await pool.query("select count(*)::int as n from support.events")).rows).toEqual([{ n: 1 }]);
});

it("refuses tables of a newer release", async () => {
  const connectionString = await server.createDatabase();
  await open({ connectionString });
  const pool = new Pool({ connectionString });
  await pool.query("insert into chat_widget.migrations (version) values (99)");
  await pool.end();
  await expect(open({ connectionString })).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("its tables have version 99 and this release knows 1") });
});

it("says why it cannot be opened, and to users only that it cannot be used", async () => {
  const store = postgresStore({ connectionString: "postgres://chat:wrong@127.0.0.1:1/none" });
  await expect(store.open()).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("ECONNREFUSED") });
  const error = await store.heads(["room"]).catch((thrown: unknown) => thrown);
  expect(ChatError.is(error) && error.message).toBe("unable to read the heads of rooms; the store's database cannot be used");
  await store.close();
});

it.each<[Record<string, unknown>, RegExp]>([
  [{}, /give either `connectionString`/],
  [{ connectionString: "postgres://x", pool: {} }, /give either `connectionString`/],
  [{ connectionString: 5 }, /give either `connectionString`/],
  [{ pool: {} }, /a Pool of pg/],
  [{ connectionString: "postgres://x", poolSize: 0 }, /`poolSize` is a whole number/],
  [{ connectionString: "postgres://x", schema: 'a"; drop' }, /`schema` has small letters/],
])("refuses the options %o with a sentence that says how to mend them", (options, sentence) => {
  expect(() => postgresStore(options)).toThrow(sentence);
});

it("says what to install when there is no pg", () => {
  const load = () => {
    throw new Error("Cannot find module 'pg'");
  };
  expect(() => openPool({ connectionString: "postgres://x", max: 1 }, load)).toThrow("install the package pg");
});

it("tells what passes from what does not", () => {
  const withCode = (code: string) => Object.assign(new Error("x"), { code });
  expect(["40P01", "57P01", "08006", "ECONNRESET"].map((code) => isPassing(withCode(code)))).toEqual([true, true, true, true]);
  expect([isPassing(new Error("Connection terminated unexpectedly")), isPassing(withCode("23505")), isPassing("x")]).toEqual([true, false, false]);
});
