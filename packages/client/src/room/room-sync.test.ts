import { ChatError, type CatchUp, type RoomEvent, defaultRoomSettings } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import { beforeEach, describe, expect, it } from "vitest";
import { ManualClock, settle } from "../../test/manual-clock.js";
import { RoomLog } from "./room-log.js";
import { RoomSync } from "./room-sync.js";

interface Asked {
  name: string;
  input: { after?: { seq: number }; before?: number };
  resolve(data: unknown): void;
  reject(error: unknown): void;
}

let clock: ManualClock;
let log: RoomLog;
let sync: RoomSync;
let asked: Asked[];
let told: string[];
let connection: { isReady: boolean; request(name: string, input: object): Promise<never> };

beforeEach(() => {
  clock = new ManualClock();
  log = new RoomLog();
  asked = [];
  told = [];
  connection = { isReady: true, request: (name, input) => new Promise((resolve, reject) => void asked.push({ name, input, resolve: (data) => resolve(data as never), reject })) };
  sync = new RoomSync(
    "lobby",
    log,
    { connection, clock, random: () => 1 },
    {
      onJoined: () => told.push("joined"),
      onOpen: () => told.push("open"),
      onRefused: ({ code }) => told.push(code),
      onCatchUp: () => {},
      onTaken: () => {},
      onAnew: () => told.push("anew"),
    },
  );
});

const epoch = "e1";
const sent = (seq: number): RoomEvent => ({ type: "message.sent", seq, id: uuidv7(), at: seq, author: { id: "ann", name: "Ann" }, text: `text ${seq}` });
const run = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => sent(from + index));
const events = (from: number, to: number, head = to): CatchUp => ({ kind: "events", epoch, head, events: run(from, to), more: to < head });
const snapshot = (head: number, rest: { from?: number; reason?: "first" | "far" | "epoch"; epoch?: string } = {}): CatchUp => ({
  kind: "snapshot",
  epoch: rest.epoch ?? epoch,
  head,
  reason: rest.reason ?? "first",
  messages: run(rest.from ?? 1, head).map((event) => ({ id: event.id, seq: event.seq, rev: event.seq, sentAt: 1, author: { id: "ann", name: "Ann" }, text: `text ${event.seq}`, reactions: [] })),
  hasOlder: (rest.from ?? 1) > 1,
});
const joined = (catchUp: CatchUp) => ({ catchUp, receipts: [], presence: { count: 0, users: [] }, permissions: [], settings: defaultRoomSettings });
const names = () => asked.map(({ name }) => name);
const places = () => log.messages.map(({ seq }) => seq);

async function join(catchUp: CatchUp): Promise<void> {
  void sync.join();
  asked.at(-1)?.resolve(joined(catchUp));
  await settle();
  asked = [];
  told = [];
}

describe("joining", () => {
  it("starts with the newest, and resumes from where it stands", async () => {
    void sync.join();
    expect(asked[0]?.input).toEqual({ roomId: "lobby" });
    asked[0]?.resolve(joined(snapshot(3)));
    await settle();
    expect([told, sync.isJoined]).toEqual([["joined", "anew", "open"], true]);
    sync.stop();
    void sync.join();
    expect(asked[1]?.input).toEqual({ roomId: "lobby", after: { epoch, seq: 3 } });
  });

  it("is open when all pages of what was missed are there, with what came meanwhile", async () => {
    await join(snapshot(1));
    void sync.join();
    asked[0]?.resolve(joined(events(2, 3, 5)));
    await settle();
    sync.receive(epoch, run(6, 6));
    expect([names(), told]).toEqual([["room:join", "room:sync"], ["joined"]]);
    asked[1]?.resolve(events(4, 5));
    await settle();
    expect([told, places()]).toEqual([["joined", "open"], [1, 2, 3, 4, 5, 6]]);
  });

  it("is tried again, later each time, when the server cannot for now", async () => {
    void sync.join();
    for (const wait of [300, 600]) {
      const before = asked.length;
      asked.at(-1)?.reject(new ChatError("unavailable", "unable to"));
      await clock.pass(wait - 1);
      expect(asked).toHaveLength(before);
      await clock.pass(1);
      expect(asked).toHaveLength(before + 1);
    }
    expect(told).toEqual([]);
  });

  it("is given up when refused for good", async () => {
    void sync.join();
    asked[0]?.reject(new ChatError("forbidden", "unable to"));
    await clock.pass(60_000);
    expect([told, asked.length]).toEqual([["forbidden"], 1]);
  });

  it("starts anew when the server asks for that", async () => {
    await join(snapshot(3));
    void sync.join();
    asked[0]?.reject(new ChatError({ code: "moved", message: "unable to", retry: "reset" }));
    await clock.pass(300);
    expect(asked[1]?.input).toEqual({ roomId: "lobby" });
  });

  it("ignores the answer that an earlier connection gave", async () => {
    void sync.join();
    sync.stop();
    asked[0]?.resolve(joined(snapshot(3)));
    await settle();
    expect([told, log.cursor]).toEqual([[], undefined]);
  });
});

describe("a hole", () => {
  it("is asked for after 150 ms, once", async () => {
    await join(snapshot(1));
    sync.receive(epoch, run(3, 3));
    sync.receive(epoch, run(5, 5));
    await clock.pass(149);
    expect(asked).toEqual([]);
    await clock.pass(1);
    expect(asked.map(({ name, input }) => [name, input.after?.seq])).toEqual([["room:sync", 1]]);
    sync.receive(epoch, run(7, 7));
    await clock.pass(500);
    expect(asked).toHaveLength(1);
    asked[0]?.resolve(events(2, 7));
    await clock.pass(60_000);
    expect([places(), asked.length]).toEqual([[1, 2, 3, 4, 5, 6, 7], 1]);
  });

  it("that closes by itself is not asked for", async () => {
    await join(snapshot(1));
    sync.receive(epoch, run(3, 3));
    await clock.pass(100);
    sync.receive(epoch, run(2, 2));
    await clock.pass(60_000);
    expect(asked).toEqual([]);
  });

  it("is asked for again when the answer did not fill it", async () => {
    await join(snapshot(1));
    sync.receive(epoch, run(3, 3));
    await clock.pass(150);
    asked[0]?.reject(new ChatError("unavailable", "unable to"));
    await clock.pass(1_000);
    expect(asked).toHaveLength(2);
  });

  it("that may not be read any more closes the room", async () => {
    await join(snapshot(1));
    sync.receive(epoch, run(3, 3));
    await clock.pass(150);
    asked[0]?.reject(new ChatError("forbidden", "unable to"));
    await clock.pass(60_000);
    expect([told, sync.isJoined, asked.length]).toEqual([["forbidden"], false, 1]);
  });
});

describe("a head", () => {
  it("that stays ahead of us is asked about", async () => {
    await join(snapshot(1));
    sync.compare(epoch, 2);
    await clock.pass(999);
    expect(asked).toEqual([]);
    await clock.pass(1);
    expect(names()).toEqual(["room:sync"]);
  });

  it("that we reach in time is not", async () => {
    await join(snapshot(1));
    sync.compare(epoch, 2);
    sync.receive(epoch, run(2, 2));
    await clock.pass(60_000);
    expect(asked).toEqual([]);
  });

  it("of another life of the store makes us join", async () => {
    await join(snapshot(5));
    sync.compare("e2", 1);
    expect(names()).toEqual(["room:join"]);
    asked[0]?.resolve(joined(snapshot(1, { epoch: "e2", reason: "epoch" })));
    await settle();
    expect([places(), log.cursor]).toEqual([[1], { epoch: "e2", seq: 1 }]);
  });
});

describe("older messages", () => {
  it("are not put before a window that was replaced meanwhile", async () => {
    await join(snapshot(60, { from: 51 }));
    const older = sync.readOlder();
    expect(asked[0]?.input.before).toBe(51);
    log.catchUp(snapshot(2_000, { from: 1_991, reason: "far" }));
    asked[0]?.resolve({ epoch, asOf: 2_000, messages: snapshotMessages(41, 50), hasOlder: true, hasNewer: true });
    await settle();
    expect(places()[0]).toBe(1_991);
    expect(asked[1]?.input.before).toBe(1_991);
    asked[1]?.resolve({ epoch, asOf: 2_000, messages: snapshotMessages(1_981, 1_990), hasOlder: true, hasNewer: true });
    await older;
    expect(places()).toEqual(run(1_981, 2_000).map(({ seq }) => seq));
  });

  it("come in pages as short as the server likes", async () => {
    await join(snapshot(3, { from: 3 }));
    for (const seq of [2, 1]) {
      expect(log.hasOlder).toBe(true);
      const older = sync.readOlder();
      expect(asked.at(-1)?.input.before).toBe(seq + 1);
      asked.at(-1)?.resolve({ epoch, asOf: 3, messages: snapshotMessages(seq, seq), hasOlder: seq > 1, hasNewer: true });
      await older;
    }
    expect([places(), log.hasOlder]).toEqual([[1, 2, 3], false]);
  });
});

function snapshotMessages(from: number, to: number) {
  const { messages } = { messages: [], ...snapshot(to, { from }) };
  return messages;
}
