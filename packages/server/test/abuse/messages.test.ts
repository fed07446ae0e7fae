import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type CommandName, ReplyEnvelope, RoomEvent, type WireEvent } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import { sqliteStore } from "../../src/sqlite.js";
import { FaultyStore } from "../faulty-store.js";
import { RawSocket } from "../raw-socket.js";
import { type TestClient, connect, refusalOf } from "../test-client.js";
import { listen } from "../test-server.js";
import { Wire } from "../wire.js";
import { underOracle } from "./oracle.js";

const roomId = "lobby";
const manyWrites = { rates: { write: { burst: 1_000, perSecond: 1_000 } } };

async function joined(origin: string): Promise<TestClient> {
  const client = await connect(origin);
  await client.ask("room:join", { roomId });
  return client;
}

function textOf(event: WireEvent | undefined): string {
  return RoomEvent.safeParse(event).data?.type === "message.sent" ? String(event?.["text"]) : "";
}

describe("D. Message validation and resource use", () => {
  it.each([
    ["none", '42["typing:set",{}]'],
    ["an object for one", '42["typing:set",{},{}]'],
    ["a number for one", '42["typing:set",{},7]'],
    ["one between inputs", '421["typing:set",{},{}]'],
    ["one with a number that is too large", '4299999999999999999999["typing:set"]'],
    ["one and no input", '421["typing:set"]'],
    ["one and fifty inputs", `421["typing:set"${",{}".repeat(50)}]`],
    ["a number below zero", '42-1["typing:set",{}]'],
  ])("49. Ack abuse: survives %s, and closes a connection that goes on so", async (_what, packet) => {
    await underOracle({}, async ({ port }) => {
      const wire = await Wire.open(port);
      for (let n = 0; n < 3; n++) wire.send(packet);
      await wire.ends();
    });
  });

  it.each(["43[]", "431", "431[{}]", '431[null,"x"]', "43999[1]", '430["again"]', `431["${"x".repeat(60_000)}"]`])(
    "50. Server-ack abuse: takes no notice of an answer to what it never asked: %.20s",
    async (packet) => {
      await underOracle({}, async ({ port }) => {
        const wire = await Wire.open(port);
        for (let n = 0; n < 5; n++) wire.send(packet);
        wire.send(`429["room:join",{"roomId":"${roomId}"}]`);
        if (wire.isOpen) await Promise.race([wire.reply(9), wire.ends()]);
      });
    },
  );

  it("51. Prototype pollution: refuses a prototype in place of a field, wherever it stands", async () => {
    await underOracle({}, async ({ port }) => {
      const wire = await Wire.open(port, '40{"protocol":[1],"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}');
      const id = uuidv7();
      const inputs = [
        `{"__proto__":{"isAdmin":true},"roomId":"${roomId}"}`,
        `{"constructor":{"prototype":{"isAdmin":true}},"roomId":"${roomId}"}`,
        `{"roomId":"${roomId}","id":"${id}","text":{"__proto__":{"isAdmin":true}}}`,
        `{"roomId":"${roomId}","after":{"__proto__":{"isAdmin":true},"epoch":"e","seq":0}}`,
        `{"roomId":"${roomId}","writes":[{"name":"__proto__","input":{}}]}`,
        `{"roomId":"${roomId}","writes":{"__proto__":{"length":1}}}`,
      ];
      let ack = 0;
      for (const name of ["message:send", "room:write", "session:refresh"]) {
        for (const input of inputs) {
          wire.send(`42${++ack}["${name}",${input}]`);
          expect(await wire.reply(ack)).toMatchObject({ ok: false, error: { code: "invalid" } });
        }
      }
    });
  });

  it.each([
    ["a thousand keys", `{${Array.from({ length: 1_000 }, (_, n) => `"k${n}":1`).join(",")}}`],
    ["thirty thousand items", `{"roomId":"${roomId}","writes":[${"1,".repeat(30_000)}1]}`],
    ["thirty thousand ids", `{"roomId":"${roomId}","messageIds":[${"1,".repeat(30_000)}1]}`],
    ["a text of sixty thousand", `{"roomId":"${roomId}","id":"${uuidv7()}","text":"${"x".repeat(60_000)}"}`],
    ["a key of sixty thousand", `{"${"k".repeat(60_000)}":1}`],
    ["thirty thousand levels", `{"roomId":${"[".repeat(30_000)}${"]".repeat(30_000)}}`],
  ])("53. Width: answers %s with at most a kilobyte", async (_what, input) => {
    await underOracle(manyWrites, async ({ port }) => {
      const wire = await Wire.open(port);
      wire.send(`420["room:join",{"roomId":"${roomId}"}]`);
      await wire.reply(0);
      for (const [index, name] of ["message:send", "room:write", "message:read", "history:read", "session:refresh"].entries()) {
        wire.send(`42${index + 1}["${name}",${input}]`);
        const reply = ReplyEnvelope.parse(await wire.reply(index + 1));
        if (reply.ok) throw new Error(`${name} was done`);
        expect(reply.error.code).toMatch(/^(invalid|too-large)$/);
        expect(JSON.stringify(reply).length).toBeLessThan(1_024);
      }
    });
  });

  it("54. Numbers: refuses those that no place or page has", async () => {
    await underOracle({}, async ({ port }) => {
      const wire = await Wire.open(port);
      wire.send(`421["room:join",{"roomId":"${roomId}"}]`);
      await wire.reply(1);
      let ack = 1;
      const refused = async (name: string, input: string): Promise<void> => {
        wire.send(`42${++ack}["${name}",${input}]`);
        expect([input, await wire.reply(ack)]).toMatchObject([input, { ok: false, error: { code: "invalid" } }]);
      };
      for (const number of ["1e999", "-1e999", "-1", "1.5", "9007199254740993", "1e308", "0.1", '"1"', "null", "[1]", "true"]) {
        await refused("receipt:move", `{"roomId":"${roomId}","seq":${number}}`);
        await refused("history:read", `{"roomId":"${roomId}","limit":${number}}`);
        await refused("history:read", `{"roomId":"${roomId}","before":${number}}`);
      }
      await refused("receipt:move", `{"roomId":"${roomId}","seq":-0}`);
      await refused("history:read", `{"roomId":"${roomId}","limit":0}`);
      await refused("history:read", `{"roomId":"${roomId}","limit":1001}`);
      wire.send(`42999["history:read",{"roomId":"${roomId}","limit":NaN}]`);
      await wire.ends();
    });
  });

  it("55. Strings: stores what can be stored and gives it back the same", async () => {
    const folder = mkdtempSync(join(tmpdir(), "chat-abuse-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    await underOracle({ ...manyWrites, store: sqliteStore({ filename: join(folder, "chat.db") }) }, async ({ origin }) => {
      const ann = await joined(origin);
      const hostile = ["\ud800x", "x\udfff", "a\u0000b", "a\u0001\u0085b", "x\uffff\ufffe", `e${"\u0301".repeat(4_000)}`, "\u202eabc", "a\u2028b", "👩‍👩‍👧‍👦 ภาษาไทย བོད་སྐད་ עִבְרִית"];
      for (const text of hostile) {
        const told = textOf(await ann.send(roomId, text));
        expect(told.isWellFormed()).toBe(true);
        const { messages } = await ann.ask("history:read", { roomId, limit: 1 });
        expect(messages.at(-1)?.text).toBe(told);
      }
      for (const text of ["", "\u200b", "\u3164", "\u2800", "\u0000", "\u202e"]) {
        expect(await refusalOf(ann.ask("message:send", { roomId, id: uuidv7(), text }))).toMatchObject({ code: "invalid" });
      }
    });
  });

  it.each(["*", "_", "[", "](", "<", "&", "http://", "a@", "mailto:", "\r", "\u0301", "\u200d", "👍", "`", "> ", "@", "\n"])(
    "57. ReDoS: nobody waits for a text of nothing but %j",
    async (piece) => {
      await underOracle(manyWrites, async ({ origin, unharmed }) => {
        const ann = await joined(origin);
        const text = `x${piece.repeat(Math.floor(16_000 / Buffer.byteLength(piece)))}`;
        const sent = Array.from({ length: 20 }, () => ann.ask("message:send", { roomId, id: uuidv7(), text }));
        const named = Promise.allSettled(Array.from({ length: 10 }, () => ann.ask("session:refresh", { guestName: piece.repeat(256).slice(0, 256) })));
        await unharmed();
        await Promise.all(sent);
        await named;
      });
    },
  );

  it("58. Replay: one id is one message, whoever sends it again and whatever it says then", async () => {
    await underOracle(manyWrites, async ({ origin }) => {
      const [ann, bob] = [await joined(origin), await joined(origin)];
      const id = uuidv7();
      const answers = await Promise.all(Array.from({ length: 100 }, () => ann.send(roomId, "once", id)));
      expect(new Set(answers.map((event) => JSON.stringify(event))).size).toBe(1);
      expect(await refusalOf(ann.send(roomId, "something else", id))).toMatchObject({ code: "conflict" });
      expect(await refusalOf(bob.send(roomId, "once", id))).toMatchObject({ code: "conflict" });
      expect((await ann.ask("history:read", { roomId })).messages).toHaveLength(1);
    });
  });

  it("59. Rate floods: says how long to wait, for each kind of command", async () => {
    const few = { burst: 5, perSecond: 0.01 };
    await underOracle({ rates: { join: few, read: few, identity: few, signal: few, write: { burst: 5, perSecond: 10 } } }, async ({ origin }) => {
      const ann = await joined(origin);
      const floods: readonly (readonly [CommandName, object])[] = [
        ["room:join", {}],
        ["history:read", {}],
        ["receipt:move", { seq: 0 }],
        ["message:delete", { id: uuidv7(), messageId: uuidv7() }],
      ];
      for (const [name, input] of floods) {
        const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => ann.askAnything(name, { roomId, ...input })));
        const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
        expect(refused).toContainEqual(expect.objectContaining({ code: "rate-limited", retry: "same", retryAfterMs: expect.any(Number) }));
      }
      const whispers = await Promise.all(Array.from({ length: 20 }, () => ann.ask("typing:set", { roomId, isTyping: true })));
      expect(whispers).toHaveLength(20);
    });
  });

  it("60. Slow consumer: is cut off, and what waited for it is forgotten", async () => {
    await underOracle({}, async ({ port, chat, http }) => {
      const reader = new RawSocket(port);
      await reader.join(roomId);
      const countOpen = () => new Promise<number>((resolve) => http.getConnections((_error, count) => resolve(count)));
      const open = await countOpen();
      reader.socket.pause();
      const author = { id: "bot", name: "Bot" };
      for (let n = 0; n < 1_000; n++) await chat.room(roomId).send({ author, text: "x".repeat(16_000) });
      await vi.waitFor(async () => expect(await countOpen()).toBe(open - 1), { timeout: 10_000, interval: 50 });
      // It is in this process too, and does not read that it is over.
      reader.socket.destroy();
    });
  }, 30_000);

  it("62. Flapping: who comes and goes a thousand times is told of a few times", async () => {
    await underOracle({ rates: { join: { burst: 5_000, perSecond: 1_000 }, packets: { burst: 5_000, perSecond: 1_000 }, signal: { burst: 5_000, perSecond: 1_000 } } }, async ({ origin, canary }) => {
      await canary.ask("room:join", { roomId });
      const told: string[] = [];
      canary.socket.onAny((name: string) => void told.push(name));
      const ann = await connect(origin);
      for (let n = 0; n < 500; n++) {
        void ann.ask("room:join", { roomId, limit: 1 });
        void ann.ask("typing:set", { roomId, isTyping: n % 2 === 0 });
        await ann.ask("room:leave", { roomId });
      }
      expect(told.length).toBeLessThan(100);
    });
  }, 20_000);

  it("63. Operator injection: takes texts for texts", async () => {
    await underOracle({ rates: { join: { burst: 1_000, perSecond: 1_000 } } }, async ({ origin, chat }) => {
      await chat.room("secret").send({ author: { id: "ann", name: "Ann" }, text: "here" });
      const ann = await connect(origin);
      for (const operator of [{ $gt: "" }, { toString: 1 }, ["secret"], { length: 6 }, null, 1]) {
        expect(await refusalOf(ann.askAnything("room:join", { roomId: operator }))).toMatchObject({ code: "invalid" });
        expect(await refusalOf(ann.askAnything("message:read", { roomId, messageIds: [operator] }))).toMatchObject({ code: "invalid" });
      }
      for (const literal of ["'OR/**/1=1--", "%", "_", "secre_", "sec%", "__proto__", "constructor", "secret';DROP/**/TABLE/**/messages;--"]) {
        const { catchUp } = await ann.ask("room:join", { roomId: literal });
        expect(catchUp).toMatchObject({ kind: "snapshot", messages: [] });
      }
    });
  });

  it("63. Operator injection: takes what is searched for literally, and markup for nothing", async () => {
    const literals = ["' OR 1=1--", "%", "_", "sec%", "*", "\"", "sec* OR x*", "NEAR(secret here)", "words:secret", "secret';DROP TABLE messages;--", "{$gt:''}", "<img src=x onerror=alert(1)>", "<script>secret</script>", "\u202Eterces", "a".repeat(200), "(".repeat(200), "\ud800", "👩‍🚀"];
    const folder = mkdtempSync(join(tmpdir(), "search-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const store of [undefined, sqliteStore({ filename: join(folder, "chat.db") })]) {
      await underOracle({ ...(store && { store }), rates: { search: { burst: 1_000, perSecond: 1_000 } } }, async ({ origin, chat }) => {
        const ann = await joined(origin);
        await chat.room(roomId).send({ author: { id: "bob", name: "Bob" }, text: "a secret here" });
        for (const operator of [{ $gt: "" }, { toString: 1 }, ["secret"], { length: 6 }, null, 1]) {
          for (const input of [{ query: operator }, { roomIds: [operator] }, { from: operator }, { cursor: operator }]) {
            expect(await refusalOf(ann.askAnything("message:search", { roomIds: [roomId], query: "secret", ...input }))).toMatchObject({ code: "invalid" });
          }
        }
        for (const query of literals) expect([query, await ann.ask("message:search", { roomIds: [roomId], query })]).toEqual([query, { results: [] }]);
        for (const query of literals) {
          const message = await chat.room(roomId).send({ author: { id: "bob", name: "Bob" }, text: query });
          const { results } = await ann.ask("message:search", { roomIds: [roomId], query });
          // Marks alone are no word.
          for (const { message: found, highlights } of results) {
            expect(found).toEqual(message);
            for (const { start, end } of highlights) expect(query.slice(start, end)).not.toMatch(/^$|^[<(]|[>)]$/);
          }
          await chat.room(roomId).delete(message.id, { by: "bob" });
        }
      });
    }
  });

  it("64. Storage failures: says `unavailable` without a reason, tells nobody of what was not stored, and goes on", async () => {
    const store = new FaultyStore();
    await underOracle({ store }, async ({ origin }) => {
      const [ann, bob] = [await joined(origin), await joined(origin)];
      store.failingAppends = 1;
      const refusal = await refusalOf(ann.send(roomId, "lost"));
      expect(refusal).toMatchObject({ code: "unavailable", retry: "same" });
      expect(JSON.stringify(refusal)).not.toMatch(/SQLITE|disk on|\.ts|node_modules/);
      const kept = await ann.send(roomId, "kept");
      await bob.hears("room:events");
      expect(bob.events(roomId)).toEqual([kept]);
    });
  });

  it("75. Link previews: asks no address that a text, a name or a picture says", async () => {
    const asked = vi.fn();
    const elsewhere = await listen(createServer((_request, response) => void response.end(asked())));
    await underOracle({ authenticate: ({ token }) => (token === undefined ? undefined : { id: token, name: "Ann", avatarUrl: `${elsewhere.origin}/avatar.png` }), guests: true }, async ({ origin }) => {
      const ann = await connect(origin, { token: "ann" });
      await ann.ask("room:join", { roomId });
      for (const text of [elsewhere.origin, `[x](${elsewhere.origin}/a)`, `![x](${elsewhere.origin}/b.png)`, `<img src="${elsewhere.origin}/c">`]) await ann.send(roomId, text);
      await connect(origin, { guestName: elsewhere.origin });
      expect((await ann.ask("history:read", { roomId })).messages).toHaveLength(4);
    });
    expect(asked).not.toHaveBeenCalled();
  });
});
