import { expect, it } from "vitest";
import { type ServerEventName, defaultRoomSettings } from "@chat-widget/protocol";
import { ManualClock } from "../../test/manual-clock.js";
import { connect } from "../../test/test-client.js";
import { LogBook, startServer } from "../../test/test-server.js";
import { createReport } from "../logger.js";
import { memoryStore } from "../stores/memory-store.js";
import { Room } from "./room.js";

const roomId = "lobby";
const [ann, bob] = [
  { id: "ann", name: "Ann" },
  { id: "bob", name: "Bob" },
];

/** A room on a clock that is moved by hand, and what it told. */
async function makeRoom() {
  const store = memoryStore();
  await store.open();
  const clock = new ManualClock();
  const told: { name: ServerEventName; payload: unknown }[] = [];
  const room = new Room(
    roomId,
    {
      store,
      epoch: "e",
      defaults: defaultRoomSettings,
      clock,
      publish: (_roomId, name, payload) => void told.push({ name, payload }),
      tell: () => undefined,
      onCommitted: () => undefined,
      report: createReport(new LogBook(), undefined),
      nextVersion: () => 1,
    },
    () => undefined,
  );
  const take = () => told.splice(0).map(({ name, payload }) => ({ name, payload }));
  return { store, clock, room, take };
}

it("counts people, not connections, and tells once a second who came and went", async () => {
  const { room, clock, take } = await makeRoom();
  room.presence.enter(ann, "tab 1");
  room.presence.enter(ann, "tab 2");
  room.presence.enter(bob, "tab 3");
  room.presence.leave("ann", "tab 1");
  expect(room.presence.snapshot()).toEqual({ count: 2, users: [ann, bob] });
  clock.advance(999);
  expect(take()).toEqual([]);
  clock.advance(1);
  expect(take()).toEqual([{ name: "presence:changed", payload: { roomId, count: 2, joined: [ann, bob], left: [] } }]);
  room.presence.leave("ann", "tab 2");
  clock.advance(1_000);
  expect(take()).toEqual([{ name: "presence:changed", payload: { roomId, count: 1, joined: [], left: ["ann"] } }]);
});

it("tells nothing of one who leaves and is back at once, and a new name of one who stays", async () => {
  const { room, clock, take } = await makeRoom();
  room.presence.enter(ann, "tab 1");
  clock.advance(1_000);
  take();
  room.presence.leave("ann", "tab 1");
  room.presence.enter({ ...ann }, "tab 2");
  clock.advance(1_000);
  expect(take()).toEqual([]);
  room.presence.rename({ id: "ann", name: "Anna" });
  clock.advance(1_000);
  expect(take()).toMatchObject([{ payload: { count: 1, joined: [{ id: "ann", name: "Anna" }], left: [] } }]);
});

it("names at most two hundred people and counts them all", async () => {
  const { room, clock, take } = await makeRoom();
  for (let n = 0; n < 250; n++) room.presence.enter({ id: `${n}`, name: `${n}` }, `tab ${n}`);
  expect(room.presence.snapshot().count).toBe(250);
  expect(room.presence.snapshot().users).toHaveLength(200);
  clock.advance(1_000);
  const [changed] = take();
  expect(changed).toMatchObject({ payload: { count: 250, joined: { length: 200 } } });
});

it("forgets a typist six seconds after their last word of it", async () => {
  const { room, clock, take } = await makeRoom();
  room.typing.start(ann);
  clock.advance(300);
  expect(take()).toEqual([{ name: "typing:changed", payload: { roomId, users: [ann], count: 1 } }]);
  clock.advance(3_000);
  room.typing.start(ann);
  clock.advance(5_999);
  expect(take()).toMatchObject([{ payload: { count: 1 } }]);
  clock.advance(301);
  expect(take()).toEqual([{ name: "typing:changed", payload: { roomId, users: [], count: 0 } }]);
});

it("names at most five typists and counts them all", async () => {
  const { room, clock, take } = await makeRoom();
  for (let n = 0; n < 7; n++) room.typing.start({ id: `${n}`, name: `${n}` });
  clock.advance(300);
  expect(take()).toMatchObject([{ payload: { count: 7, users: { length: 5 } } }]);
});

it("moves read positions forward only, not beyond the log, and stores them once a second", async () => {
  const { room, store, clock, take } = await makeRoom();
  await room.append([
    { draft: { type: "message.sent", id: "019a0000-0000-7000-8000-000000000001", author: ann, text: "a" }, at: 0, fingerprint: "1" },
    { draft: { type: "message.sent", id: "019a0000-0000-7000-8000-000000000002", author: ann, text: "b" }, at: 0, fingerprint: "2" },
  ]);
  take();
  await room.moveReceipt("bob", 1);
  await room.moveReceipt("bob", 99);
  await room.moveReceipt("bob", 1);
  expect(await room.receipts.read("bob")).toEqual([{ userId: "bob", seq: 2 }]);
  expect(await store.receipts(roomId)).toEqual([]);
  clock.advance(1_000);
  expect(take()).toEqual([{ name: "receipt:moved", payload: { roomId, receipts: [{ userId: "bob", seq: 2 }] } }]);
  await room.close();
  expect(await store.receipts(roomId)).toEqual([{ userId: "bob", seq: 2 }]);
});

it("stores a read position that waits when it closes", async () => {
  const { room, store } = await makeRoom();
  await room.append([{ draft: { type: "message.sent", id: "019a0000-0000-7000-8000-000000000001", author: ann, text: "a" }, at: 0, fingerprint: "1" }]);
  await room.moveReceipt("bob", 1);
  await room.close();
  expect(await store.receipts(roomId)).toEqual([{ userId: "bob", seq: 1 }]);
});

it("gives the store many read positions together, and not all at once", async () => {
  const { room, store, clock } = await makeRoom();
  await room.append([{ draft: { type: "message.sent", id: "019a0000-0000-7000-8000-000000000001", author: ann, text: "a" }, at: 0, fingerprint: "1" }]);
  const moveReceipt = store.moveReceipt.bind(store);
  let running = 0;
  let most = 0;
  store.moveReceipt = async (...call) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return moveReceipt(...call);
  };
  for (let n = 0; n < 120; n++) await room.moveReceipt(`user ${n}`, 1);
  clock.advance(1_000);
  await room.close();
  expect(most).toBe(50);
  expect(await store.receipts(roomId)).toHaveLength(120);
});

it("tells who opens a room the furthest read positions and their own", async () => {
  const { room, store } = await makeRoom();
  for (let n = 1; n <= 300; n++) await store.moveReceipt(roomId, `user ${n}`, n);
  const told = await room.receipts.read("user 7");
  expect(told).toHaveLength(201);
  expect([told[0], told[199], told[200]]).toMatchObject([{ seq: 300 }, { seq: 101 }, { userId: "user 7", seq: 7 }]);
  expect(await room.receipts.read("user 250")).toHaveLength(200);
  expect(await room.receipts.read("nobody")).toHaveLength(200);
});

it("carries signals to those who have the room open", async () => {
  const { origin } = await startServer();
  const [one, two] = [await connect(origin, { guestName: "One" }), await connect(origin, { guestName: "Two" })];
  const userId = two.ready.user.id;
  await one.ask("room:join", { roomId });
  await two.ask("room:join", { roomId });
  await one.hears("presence:changed", ({ joined }) => joined.some(({ id }) => id === userId));

  await two.ask("typing:set", { roomId, isTyping: true });
  await one.hears("typing:changed", ({ users }) => users[0]?.id === userId);
  const { seq } = await two.send(roomId, "hello");
  await one.hears("typing:changed", ({ count }) => count === 0);

  await one.ask("receipt:move", { roomId, seq });
  await two.hears("receipt:moved", ({ receipts }) => receipts[0]?.seq === seq);
  expect((await two.ask("room:join", { roomId })).receipts).toEqual([{ userId: one.ready.user.id, seq }]);

  two.close();
  await one.hears("presence:changed", ({ left, count }) => left.includes(userId) && count === 1);
});

it("stops telling that someone types when they disconnect", async () => {
  const { origin } = await startServer();
  const [one, two] = [await connect(origin), await connect(origin)];
  for (const client of [one, two]) await client.ask("room:join", { roomId });
  await two.ask("typing:set", { roomId, isTyping: true });
  await one.hears("typing:changed", ({ count }) => count === 1);
  two.close();
  await one.hears("typing:changed", ({ count }) => count === 0);
});

it("tells within ten seconds where a room's log ends", async () => {
  const clock = new ManualClock();
  const { origin } = await startServer({ clock });
  const one = await connect(origin);
  const { catchUp } = await one.ask("room:join", { roomId });
  await one.send(roomId, "hello");
  clock.advance(10_000);
  expect(await one.hears("room:heads")).toEqual({ heads: [{ roomId, epoch: catchUp.epoch, seq: 1 }] });
});
