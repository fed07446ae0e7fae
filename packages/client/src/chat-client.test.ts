import { ChatError, type CatchUp, type Message, type RoomEvent, defaultRoomSettings } from "@chat-widget/protocol";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ManualClock, settle } from "../test/manual-clock.js";
import { ScriptedTransport } from "../test/scripted-transport.js";
import { SharedStorage } from "../test/shared-storage.js";
import { createChatClient, type ChatClient } from "./chat-client.js";
import type { ChatClientOptions } from "./options.js";
import type { Room } from "./room/room.js";
import { memoryStorage, type ClientStorage } from "./storage/client-storage.js";

let clock: ManualClock;
let transport: ScriptedTransport;
let storage: ClientStorage;
let client: ChatClient;
let logged: string[];

const log = (_fields: object, message: string) => void logged.push(message);

function make(options: ChatClientOptions = {}): ChatClient {
  return createChatClient({ url: "https://example.com/chat", transport, clock, storage, random: () => 1, logger: { warn: log, error: log }, ...options });
}

beforeEach(() => {
  clock = new ManualClock();
  transport = new ScriptedTransport();
  storage = memoryStorage();
  logged = [];
  client = make();
});

const epoch = "e1";
const bob = { id: "bob", name: "Bob" };
const idOf = (seq: number) => `019b76da-abe8-7000-8000-${String(seq).padStart(12, "0")}`;
const message = (seq: number, more: Partial<Message> = {}): Message => ({ id: idOf(seq), seq, rev: seq, sentAt: seq, author: bob, text: `text ${seq}`, reactions: [], ...more });
const event = (seq: number): RoomEvent => ({ type: "message.sent", id: idOf(seq), seq, at: seq, author: bob, text: `text ${seq}` });
const snapshot = (messages: Message[] = [], more: Partial<Extract<CatchUp, { kind: "snapshot" }>> = {}): CatchUp => ({ kind: "snapshot", epoch, head: messages.at(-1)?.seq ?? 0, reason: "first", messages, hasOlder: false, ...more });
const joined = (catchUp: CatchUp = snapshot(), receipts: { userId: string; seq: number }[] = []) => ({ catchUp, receipts, presence: { count: 1, users: [] }, permissions: ["read", "send"], settings: defaultRoomSettings });
const guest = (id: string) => ({ user: { id, name: id, roles: ["guest" as const] }, guestToken: `token of ${id}` });
const texts = (room: Room) => room.getSnapshot().messages.map(({ text }) => text);
const writes = () => transport.link.asked.filter(({ name }) => name === "room:write").map(({ input }) => JSON.stringify(input));

async function enter(catchUp?: CatchUp, receipts?: { userId: string; seq: number }[]): Promise<Room> {
  const room = client.room("lobby");
  await settle();
  transport.link.welcome();
  transport.link.last("room:join").answer(joined(catchUp, receipts));
  await settle();
  return room;
}

describe("before it connects", () => {
  it("stores and sends nothing", async () => {
    const touched: string[] = [];
    const watched = Object.fromEntries(Object.entries(storage).map(([name]) => [name, async () => void touched.push(name)]));
    make({ storage: { ...storage, ...watched } });
    await settle();
    expect([touched, transport.links]).toEqual([[], []]);
  });

  it("says so, with the usual limits", () => {
    expect(client.getSnapshot()).toMatchObject({ status: "idle", user: undefined, limits: { textBytes: 16_384 } });
    expect(client.getSnapshot()).toBe(client.getSnapshot());
  });
});

describe("a room", () => {
  it("is one for everybody who takes it, and left by the last", async () => {
    const first = await enter();
    expect(client.room("lobby")).toBe(first);
    first.release();
    expect(transport.link.count("room:leave")).toBe(0);
    first.release();
    expect(transport.link.last("room:leave").input).toEqual({ roomId: "lobby" });
    const again = client.room("lobby");
    expect([again === first, transport.link.count("room:join")]).toEqual([false, 2]);
  });

  it("is not taken away by who released it before", async () => {
    const first = await enter();
    first.release();
    const again = client.room("lobby");
    transport.link.last("room:join").answer(joined(snapshot([message(1)])));
    await settle();
    first.release();
    transport.link.say("room:events", { roomId: "lobby", epoch, from: 2, events: [event(2)] });
    await settle();
    expect(texts(again)).toEqual(["text 1", "text 2"]);
  });

  it("is left even when it was released before the server let us in", async () => {
    const room = client.room("lobby");
    await settle();
    transport.link.welcome();
    room.release();
    expect(transport.link.asked.map(({ name }) => name)).toEqual(["room:join", "room:leave"]);
  });

  it("tells how far was read before it is left", async () => {
    const room = await enter(snapshot([message(1), message(2)]), [{ userId: "ann", seq: 1 }]);
    room.markRead();
    room.release();
    expect(transport.link.asked.map(({ name }) => name)).toEqual(["room:join", "receipt:move", "room:leave"]);
    expect(transport.link.last("receipt:move").input).toEqual({ roomId: "lobby", seq: 2 });
  });

  it("that was left refuses what is asked of it", async () => {
    const room = await enter();
    room.release();
    await expect(room.send({ text: "too late" })).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("take it again") });
    expect(writes()).toEqual([]);
  });

  it("is not read further than it goes", async () => {
    const room = await enter(snapshot([message(1), message(2)]), [{ userId: "ann", seq: 1 }]);
    for (const seq of [Number.NaN, Infinity]) room.markRead(seq);
    await clock.pass(1_000);
    expect(transport.link.asked.filter(({ name }) => name === "receipt:move").map(({ input }) => input)).toEqual([{ roomId: "lobby", seq: 2 }]);
  });

  it("says that older messages cannot be loaded to who waits for them, and troubles nobody else", async () => {
    const room = await enter(snapshot([message(2)], { hasOlder: true }));
    transport.link.end();
    void room.loadOlder();
    await expect(room.loadOlder()).rejects.toMatchObject({ code: "unavailable" });
    expect(room.getSnapshot()).toMatchObject({ hasOlder: true, isLoadingOlder: false });
  });

  it("cannot be taken from a closed client", async () => {
    await client.close();
    expect(() => client.room("lobby")).toThrow(expect.objectContaining({ code: "unavailable" }));
  });

  it("tells listeners once a turn, also when one throws", async () => {
    const room = await enter();
    let told = 0;
    room.subscribe(() => {
      throw new Error("mine");
    });
    const unsubscribe = room.subscribe(() => (told += 1));
    transport.link.say("room:events", { roomId: "lobby", epoch, from: 1, events: [event(1), event(2)] });
    transport.link.say("room:events", { roomId: "lobby", epoch, from: 3, events: [event(3)] });
    expect(told).toBe(0);
    await settle();
    expect([told, texts(room).length]).toEqual([1, 3]);
    expect(logged).toEqual([expect.stringContaining("listener")]);
    unsubscribe();
    transport.link.say("room:events", { roomId: "lobby", epoch, from: 4, events: [event(4)] });
    await settle();
    expect(told).toBe(1);
  });

  it("gives a new snapshot for every change, and leaves the old ones as they were", async () => {
    const room = await enter(snapshot([message(1), message(2)]));
    const before = room.getSnapshot();
    const copy = structuredClone({ ...before, error: undefined });
    transport.link.say("room:events", { roomId: "lobby", epoch, from: 3, events: [{ type: "message.edited", id: idOf(3), seq: 3, at: 3, by: "bob", messageId: idOf(2), text: "changed" }] });
    transport.link.say("presence:changed", { roomId: "lobby", count: 2, joined: [bob], left: [] });
    const after = room.getSnapshot();
    expect(before).toEqual(copy);
    expect(after).not.toBe(before);
    expect(after.messages.map((line, index) => line === before.messages[index])).toEqual([true, false]);
    expect(room.getSnapshot()).toBe(after);
  });
});

describe("unsent messages", () => {
  it("make no unhandled rejection when nobody waits for them", async () => {
    const room = await enter();
    void room.send({ text: "x".repeat(20_000) });
    void room.send({ text: "refused" });
    transport.link.last("room:write").refuse(new ChatError("forbidden", "unable to"));
    await settle();
    expect(room.getSnapshot().messages).toMatchObject([{ text: "refused", delivery: { state: "failed", error: { code: "forbidden" } } }]);
  });

  it("of who was thought to be here go with who is, and what a former guest left stays theirs", async () => {
    // A guest left something unsent; now somebody with an account sits here and writes before the server knows them.
    const before = make();
    const left = before.room("lobby");
    await settle();
    transport.link.welcome(guest("guest:1"));
    await settle();
    void left.send({ text: "the guest's" });
    await settle();
    await before.close();

    const room = client.room("lobby");
    await settle();
    expect(texts(room)).toEqual(["the guest's"]);
    const sending = room.send({ text: "mine" });
    transport.link.welcome();
    transport.link.last("room:join").answer(joined());
    await settle();
    expect(texts(room)).toEqual(["mine"]);
    expect(writes()).toEqual([expect.stringContaining("mine")]);
    transport.link.last("room:write").refuse(new ChatError("forbidden", "unable to"));
    await expect(sending).rejects.toMatchObject({ code: "forbidden" });
  });

  it("of one account are not sent for the next, even on the same page", async () => {
    const room = await enter();
    transport.link.end();
    void room.send({ text: "ann's" });
    await clock.pass(300);
    transport.link.welcome({ user: { id: "bob", name: "Bob", roles: ["member"] } });
    transport.link.last("room:join").answer(joined());
    await settle();
    expect([texts(room), writes()]).toEqual([[], []]);
  });

  it("are given back to who waits when the client is closed, and kept", async () => {
    const room = await enter();
    const sending = room.send({ text: "later" });
    await client.close();
    await expect(sending).rejects.toMatchObject({ code: "unavailable", retry: "same" });
    client = make();
    const again = await enter();
    expect(texts(again)).toEqual(["later"]);
    expect(writes()).toEqual([expect.stringContaining("later")]);
  });

  describe("of an account that no server has confirmed on this page", () => {
    beforeEach(async () => {
      await enter();
      await client.close();
      client = make();
      void client.room("lobby").send({ text: "mine" });
      await settle();
      await client.close();
      client = make();
    });

    it("are kept over a reload, and shown and sent once it is confirmed", async () => {
      const room = client.room("lobby");
      void room.send({ text: "mine too" });
      await settle();
      expect(texts(room)).toEqual(["mine too"]);
      transport.link.welcome();
      transport.link.last("room:join").answer(joined());
      await settle();
      expect([texts(room), writes()]).toEqual([["mine", "mine too"], [expect.stringMatching("mine.*mine too")]]);
    });

    it("are neither shown to nor sent for somebody else, who keeps what they wrote", async () => {
      const room = client.room("lobby");
      void room.send({ text: "bob's" });
      await settle();
      transport.link.welcome({ user: { id: "bob", name: "Bob", roles: ["member"] } });
      transport.link.last("room:join").answer(joined());
      await settle();
      expect([texts(room), writes()]).toEqual([["bob's"], [expect.not.stringContaining("mine")]]);
    });
  });

  it("that a store acknowledged and then lost are sent to it again", async () => {
    const room = await enter(snapshot([message(1), message(2)]));
    const sending = room.send({ text: "mine" });
    const [{ id = "" } = {}] = room.getSnapshot().messages.slice(-1);
    // The answer is there before the events between it and the cursor.
    transport.link.last("room:write").answer({ results: [{ ok: true, data: { event: { ...event(5), id, text: "mine" } } }] });
    await expect(sending).resolves.toMatchObject({ seq: 5 });
    transport.link.end();
    await clock.pass(300);
    transport.link.welcome();
    transport.link.last("room:join").answer(joined(snapshot([message(1)], { epoch: "e2", reason: "epoch" })));
    await settle();
    expect(writes()).toEqual([expect.stringContaining(id)]);
  });

  it("are no more when a snapshot has them", async () => {
    const room = await enter();
    const sending = room.send({ text: "mine" });
    const [id] = room.getSnapshot().messages.map((line) => line.id);
    transport.link.end();
    await clock.pass(300);
    transport.link.welcome();
    transport.link.last("room:join").answer(joined(snapshot([message(1, { id: id ?? "", text: "mine", author: { id: "ann", name: "Ann" } })], { reason: "far" })));
    await expect(sending).resolves.toMatchObject({ seq: 1, text: "mine" });
    await settle();
    expect([room.getSnapshot().messages.length, writes()]).toEqual([1, []]);
  });
});

describe("a room that will not have us", () => {
  const refuse = () => transport.link.last("room:join").refuse(new ChatError("forbidden", "unable to join"));

  it("lets what was written fail with the reason, and is asked again when somebody tries again", async () => {
    const room = client.room("lobby");
    const sending = room.send({ text: "hello" });
    await settle();
    transport.link.welcome();
    refuse();
    await expect(sending).rejects.toMatchObject({ code: "forbidden" });
    expect(room.getSnapshot()).toMatchObject({ phase: "failed", messages: [{ text: "hello", delivery: { state: "failed", error: { code: "forbidden" } } }] });

    const again = room.send({ text: "again" });
    expect(room.getSnapshot().messages[1]?.delivery.state).toBe("pending");
    refuse();
    await expect(again).rejects.toMatchObject({ code: "forbidden" });

    const [first] = room.getSnapshot().messages;
    if (first?.delivery.state === "failed") room.retry(first.delivery.commandId);
    transport.link.last("room:join").answer(joined());
    await settle();
    expect([room.getSnapshot().phase, writes().length, transport.link.count("room:join")]).toEqual(["ready", 1, 3]);
  });

  it("for now keeps what was written, and sends it when it will", async () => {
    const room = client.room("lobby");
    void room.send({ text: "hello" });
    await settle();
    transport.link.welcome();
    transport.link.last("room:join").refuse(new ChatError("unavailable", "unable to join"));
    await clock.pass(300);
    expect(room.getSnapshot().messages[0]?.delivery.state).toBe("pending");
    transport.link.last("room:join").answer(joined());
    await settle();
    expect(writes()).toEqual([expect.stringContaining("hello")]);
  });
});

describe("a server that will not have us", () => {
  it("leaves nobody waiting, and what was written is kept for another client", async () => {
    const before = await enter();
    expect(before.getSnapshot().phase).toBe("ready");
    transport.link.end();
    const sending = before.send({ text: "later" });
    await clock.pass(300);
    transport.link.end(new ChatError("unsupported-version", "unable to connect; too old"));
    await expect(sending).rejects.toMatchObject({ code: "unavailable", retry: "same" });
    await expect(before.send({ text: "too late" })).rejects.toMatchObject({ code: "unsupported-version" });
    await client.close();
    client = make();
    expect(texts(await enter())).toEqual(["later"]);
  });
});

it("takes no more than it can keep, and says so", async () => {
  const room = client.room("lobby");
  for (let n = 0; n < 999; n++) void room.send({ text: "x" });
  expect(room.getSnapshot().isFull).toBe(false);
  void room.send({ text: "the last" });
  expect(room.getSnapshot().isFull).toBe(true);
  await expect(room.send({ text: "too much" })).rejects.toMatchObject({ code: "rate-limited", message: expect.stringContaining("waits to be sent") });
  expect(room.getSnapshot().messages).toHaveLength(1_000);
});

it.each([24, -24])("sends what was written before the clock jumped by %i hours, in order", async (hours) => {
  const room = client.room("lobby");
  void room.send({ text: "before" });
  clock.jump(hours * 3_600_000);
  void room.send({ text: "after" });
  await settle();
  transport.link.welcome();
  transport.link.last("room:join").answer(joined());
  await settle();
  expect(writes().join()).toMatch(/before.*after/);
  expect(room.getSnapshot().messages.map(({ text, delivery }) => [text, delivery.state])).toEqual([["before", "pending"], ["after", "pending"]]);
});

describe("somebody else on the same page", () => {
  it("begins anew: sees nothing of what was seen before, resumes nothing and sends nothing of it", async () => {
    const room = await enter(snapshot([message(1), message(2)]), [{ userId: "ann", seq: 1 }]);
    transport.link.end();
    const sending = room.send({ text: "ann's" });
    await clock.pass(300);
    transport.link.welcome({ user: { id: "bob", name: "Bob", roles: ["member"] } });
    await expect(sending).rejects.toMatchObject({ code: "unavailable" });
    expect(room.getSnapshot()).toMatchObject({ phase: "joining", messages: [], permissions: [], presence: { count: 0 }, unreadCount: 0 });
    expect(transport.link.last("room:join").input).toEqual({ roomId: "lobby" });
    transport.link.last("room:join").refuse(new ChatError("forbidden", "unable to join"));
    await settle();
    expect([room.getSnapshot().phase, texts(room), writes()]).toEqual(["failed", [], []]);
  });

  it("who is the same user, with a new connection, goes on where they were", async () => {
    const room = await enter(snapshot([message(1)]));
    transport.link.end();
    await clock.pass(300);
    transport.link.welcome();
    expect([texts(room), transport.link.last("room:join").input]).toEqual([["text 1"], { roomId: "lobby", after: { epoch, seq: 1 } }]);
  });
});

describe("what was read", () => {
  const asGuest = async (id = "guest:1", catchUp = snapshot([message(1), message(2)])) => {
    const room = client.room("lobby");
    await settle();
    transport.link.welcome(guest(id));
    transport.link.last("room:join").answer(joined(catchUp));
    await vi.dynamicImportSettled();
    await settle();
    return room;
  };
  const reload = async (options: ChatClientOptions = {}) => {
    await client.close();
    client = make(options);
    const room = client.room("lobby");
    await vi.waitFor(() => expect(transport.link.isClosed).toBe(false));
    await settle();
    return room;
  };

  it("by a guest is there at once after a reload, with nothing unread, and is gone on from", async () => {
    await asGuest();
    await clock.pass(1_000);
    const room = await reload();
    await vi.waitFor(() => expect(texts(room)).toEqual(["text 1", "text 2"]));
    expect(room.getSnapshot()).toMatchObject({ phase: "joining", unreadCount: 0 });
    transport.link.welcome(guest("guest:1"));
    expect(transport.link.last("room:join").input).toEqual({ roomId: "lobby", after: { epoch, seq: 2 } });
    transport.link.last("room:join").answer(joined({ kind: "events", epoch, head: 3, events: [event(3)], more: false }, [{ userId: "guest:1", seq: 2 }]));
    await settle();
    expect([texts(room), room.getSnapshot().unreadCount]).toEqual([["text 1", "text 2", "text 3"], 1]);
  });

  it("is kept when the page goes before it had time to", async () => {
    await asGuest();
    const room = await reload();
    await vi.waitFor(() => expect(texts(room)).toEqual(["text 1", "text 2"]));
  });

  it("gives way to what another life of the store says, and what is unsent stays", async () => {
    await asGuest();
    const room = await reload();
    await vi.waitFor(() => expect(texts(room)).toHaveLength(2));
    void room.send({ text: "mine" });
    transport.link.welcome(guest("guest:1"));
    transport.link.last("room:join").answer(joined(snapshot([message(1, { text: "new" })], { epoch: "e2", reason: "epoch" })));
    await settle();
    expect(texts(room)).toEqual(["new", "mine"]);
  });

  it("is not believed over the server when it is found later than the server is heard", async () => {
    await asGuest();
    await clock.pass(1_000);
    let find = () => {};
    const search = new Promise<void>((resolve) => (find = resolve));
    const room = await reload({ storage: { ...storage, get: (key) => (key.startsWith("history ") ? search.then(() => storage.get(key)) : storage.get(key)) } });
    transport.link.welcome(guest("guest:1"));
    find();
    await settle();
    transport.link.last("room:join").answer(joined(snapshot([message(1, { text: "of a store that went back" })])));
    await settle();
    expect(texts(room)).toEqual(["of a store that went back"]);
  });

  it("by somebody with an account is not kept", async () => {
    await enter(snapshot([message(1)]));
    await clock.pass(1_000);
    await client.close();
    expect(await storage.list("history ")).toEqual([]);
  });

  it("by a guest is not shown to who turns out to be somebody else", async () => {
    await asGuest();
    const room = await reload();
    await vi.waitFor(() => expect(texts(room)).toHaveLength(2));
    transport.link.welcome();
    expect([texts(room), transport.link.last("room:join").input]).toEqual([[], { roomId: "lobby" }]);
  });

  it("is the newest fifty, of one of a few rooms", async () => {
    await asGuest("guest:1", snapshot(Array.from({ length: 60 }, (_, n) => message(n + 1))));
    for (let n = 0; n < 40; n++) {
      client.room(`room ${n}`.replace(" ", "-"));
      transport.link.last("room:join").answer(joined(snapshot([message(1)])));
    }
    await settle();
    await clock.pass(1_000);
    const kept = await storage.list("history ");
    expect(kept.length).toBeLessThanOrEqual(8);
    expect(JSON.stringify(kept)).not.toContain("text 10");
  });

  it("is left out when it cannot be read, and no trouble with it costs what is unsent", async () => {
    const full = async () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    client = make({ storage: { ...storage, set: async (key, value) => (key.startsWith("history ") ? full() : storage.set(key, value)) } });
    const first = await asGuest();
    await clock.pass(1_000);
    void first.send({ text: "unsent" });
    await settle();
    for (const [key, value] of [["history https://example.com/chat 0", "nonsense"], ["history https://example.com/chat 1", { name: '["guest:1","lobby"]', log: {} }]] as const) await storage.set(key, value);
    const room = await reload({ storage: { ...storage, get: async (key) => (key.startsWith("history ") ? full() : storage.get(key)) } });
    expect([texts(room), logged]).toEqual([["unsent"], []]);
  });
});

describe("read positions", () => {
  it("begin anew with another life of the store", async () => {
    const room = await enter(snapshot([message(1), message(2)]), [{ userId: "ann", seq: 2 }, { userId: "bob", seq: 2 }]);
    transport.link.end();
    await clock.pass(300);
    transport.link.welcome();
    transport.link.last("room:join").answer(joined(snapshot([message(1)], { epoch: "e2", reason: "epoch" }), [{ userId: "ann", seq: 0 }]));
    await settle();
    expect([room.getSnapshot().unreadCount, [...room.getSnapshot().receipts]]).toEqual([1, [["ann", 0]]]);
  });
});

describe("quotes", () => {
  it("are fetched, fifty at a time, and again after a snapshot", async () => {
    const old = (n: number) => idOf(1_000 + n);
    const answers = Array.from({ length: 60 }, (_, n) => message(100 + n, { replyTo: old(n) }));
    const room = await enter(snapshot(answers));
    const asked = () => transport.link.asked.filter(({ name }) => name === "message:read");
    const answer = async () => {
      const last = transport.link.last("message:read");
      const ids = (last.input as { messageIds: string[] }).messageIds;
      last.answer({ messages: ids.map((id, n) => message(n + 1, { id, text: `quoted ${id}` })) });
      await settle();
      return ids.length;
    };
    expect([await answer(), await answer(), asked().length]).toEqual([50, 10, 2]);
    expect(room.getSnapshot().messages.every(({ quote, replyTo }) => quote?.text === `quoted ${replyTo}`)).toBe(true);
    transport.link.say("room:heads", { heads: [{ roomId: "lobby", epoch, seq: 5_000 }] });
    await clock.pass(1_000);
    transport.link.last("room:sync").answer(snapshot(answers, { head: 5_000, reason: "far" }));
    await settle();
    expect(asked()).toHaveLength(3);
  });

  it("that do not fit into one answer are asked for again, until none of them comes", async () => {
    const [short, long, gone] = [idOf(1_001), idOf(1_002), idOf(1_003)];
    const room = await enter(snapshot([short, long, gone].map((replyTo, n) => message(100 + n, { replyTo }))));
    const answer = async (...ids: string[]) => {
      transport.link.last("message:read").answer({ messages: ids.map((id) => message(1, { id, text: `quoted ${id}` })) });
      await settle();
    };
    await answer(short);
    await answer(long);
    await answer(idOf(1_004));
    await clock.pass(1_000);
    const asked = transport.link.asked.flatMap(({ name, input }) => (name === "message:read" ? [input] : []));
    expect(asked).toEqual([[short, long, gone], [long, gone], [gone]].map((messageIds) => ({ roomId: "lobby", messageIds })));
    expect(room.getSnapshot().messages.map(({ quote }) => quote?.text)).toEqual([`quoted ${short}`, `quoted ${long}`, undefined]);
  });
});

it("that was refused tries again when it is told to, with what waited", async () => {
  const room = client.room("lobby");
  await settle();
  void room.send({ text: "later" });
  transport.link.end(new ChatError("forbidden", "unable to connect; go away"));
  expect(client.getSnapshot().status).toBe("refused");
  client.connect();
  await settle();
  expect(client.getSnapshot()).toMatchObject({ status: "connecting", error: undefined });
  transport.link.welcome();
  transport.link.last("room:join").answer(joined());
  await settle();
  expect(writes()).toEqual([expect.stringContaining("later")]);
});

describe("pages that somebody new opens at once", () => {
  function open(shared: SharedStorage) {
    const transport = new ScriptedTransport();
    make({ storage: shared.page(), transport }).connect();
    return transport;
  }

  it("are one guest: the others wait until the first has a name", async () => {
    const shared = new SharedStorage(clock);
    const [first, second, third] = [open(shared), open(shared), open(shared)];
    await settle();
    expect([first, second, third].map(({ links }) => links.length)).toEqual([1, 0, 0]);
    first.link.welcome(guest("guest:1"));
    await settle();
    expect([second, third].map(({ link }) => link.handshake.guestToken)).toEqual(["token of guest:1", "token of guest:1"]);
  });

  it("do not wait for ever for a server that does not answer the first", async () => {
    const shared = new SharedStorage(clock);
    const [, second] = [open(shared), open(shared)];
    await clock.pass(4_999);
    expect(second.links).toHaveLength(0);
    await clock.pass(1);
    expect(second.link.handshake).not.toHaveProperty("guestToken");
  });
});
