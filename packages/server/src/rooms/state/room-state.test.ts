import { expect, it, vi } from "vitest";
import { type ServerEventName, defaultRoomSettings } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import { ManualClock } from "../../../test/manual-clock.js";
import { LogBook } from "../../../test/test-server.js";
import { WatchedStore } from "../../../test/watched-store.js";
import { createReport } from "../../logger.js";
import type { NodeMessage } from "../../nodes/node-message.js";
import { memoryStore } from "../../stores/memory-store.js";
import { recordKey } from "../../stores/records.js";
import { Room } from "../room.js";

const roomId = "lobby";
const ann = { id: "ann", name: "Ann" };
const bob = { id: "bob", name: "Bob" };

/** One room as a node has it, what the node told its readers, and what it told the others. */
function makeNode(watched = new WatchedStore(memoryStore())) {
  const told: { name: ServerEventName; payload: unknown }[] = [];
  const words: NodeMessage[] = [];
  const room = new Room(
    roomId,
    {
      store: watched.store,
      epoch: "e",
      defaults: defaultRoomSettings,
      clock: new ManualClock(),
      publish: (_roomId, name, payload) => void told.push({ name, payload }),
      tell: (message) => void words.push(message),
      onCommitted: () => undefined,
      report: createReport(new LogBook(), undefined),
      nextVersion: () => 1,
    },
    () => undefined,
  );
  /** Somebody opens it here. */
  const open = async () => {
    room.presence.enter(ann, "tab");
    await room.feed.catchUp(undefined, 10);
  };
  /** Takes what another node told of the log. */
  const hear = (others: NodeMessage[]) => {
    for (const word of others.splice(0)) if (word.kind === "events") room.feed.offer(word.events);
  };
  return { watched, room, told, words, open, hear };
}

const join = (userId = "bob") => ({ by: "ann", id: uuidv7(), userId, profile: { ...bob, id: userId }, change: "joined", patch: { role: "member" } }) as const;

it("says of a room nobody set anything for that it is open, and nothing of people", async () => {
  const { room } = makeNode();
  expect(await room.state.settings()).toEqual(defaultRoomSettings);
  expect(await room.state.member("bob")).toBeUndefined();
});

it("keeps what a change made as records, and the event has all of it", async () => {
  const { room, watched } = makeNode();
  await room.changes.settings({ by: "ann", id: uuidv7(), patch: { name: "Lobby" } });
  const event = await room.changes.settings({ by: "ann", id: uuidv7(), patch: { access: "private" } });
  expect(event).toMatchObject({ type: "room.updated", seq: 2, by: "ann", settings: { ...defaultRoomSettings, name: "Lobby", access: "private" } });
  await room.changes.member(join());
  await room.changes.member({ by: "ann", id: uuidv7(), userId: "bob", change: "muted", patch: { mutedUntil: 5 }, records: [{ collection: "reasons", key: "1", value: { reason: "spam" } }] });
  expect(await room.state.member("bob")).toEqual({ user: bob, role: "member", mutedUntil: 5 });
  expect(await watched.store.records("rooms-of", { under: "bob", limit: 9 })).toMatchObject([{ value: { roomId } }]);
  expect(await watched.store.records("reasons", { limit: 9 })).toHaveLength(1);
  // Who leaves is still muted when they come back.
  await room.changes.member({ by: "bob", id: uuidv7(), userId: "bob", change: "left", patch: { role: null } });
  expect(await watched.store.records("rooms-of", { under: "bob", limit: 9 })).toEqual([]);
  expect(await room.state.member("bob")).toEqual({ user: bob, mutedUntil: 5 });
  await room.changes.member({ by: "ann", id: uuidv7(), userId: "bob", change: "unmuted", patch: { mutedUntil: null } });
  expect(await watched.store.records("members", { keys: [recordKey(roomId, "bob")] })).toEqual([]);
});

it("makes one change of one id, none of what is so already, and refuses an id that was used for another", async () => {
  const { room } = makeNode();
  const change = join();
  const event = await room.changes.member(change);
  await room.changes.member({ by: "ann", id: uuidv7(), userId: "bob", change: "left", patch: { role: null } });
  expect(await room.changes.member(change)).toEqual(event);
  expect(await room.state.member("bob")).toBeUndefined();
  expect(await room.changes.member({ ...join(), patch: { role: null } })).toBeUndefined();
  await expect(room.changes.member({ ...change, userId: "cid" })).rejects.toMatchObject({ code: "conflict" });
});

it("does changes that are asked at once one after the other", async () => {
  const { room } = makeNode();
  await Promise.all([
    room.changes.member({ ...join(), patch: { mutedUntil: 5 } }),
    room.changes.member({ ...join(), patch: { bannedUntil: 6 } }),
    room.changes.settings({ by: "ann", id: uuidv7(), patch: { name: "Lobby" } }),
    room.changes.settings({ by: "ann", id: uuidv7(), patch: { topic: "all" } }),
  ]);
  expect(await room.state.member("bob")).toEqual({ user: bob, mutedUntil: 5, bannedUntil: 6 });
  expect(await room.state.settings()).toMatchObject({ name: "Lobby", topic: "all" });
});

it("reads each thing once while somebody has the room open, and follows what other nodes change", async () => {
  const here = makeNode();
  const there = makeNode(here.watched);
  await here.open();
  await here.room.state.settings();
  await here.room.state.member("bob");
  const reads = here.watched.count("records");
  await here.room.state.settings();
  expect(await here.room.state.member("bob")).toBeUndefined();
  expect(here.watched.count("records")).toBe(reads);

  await there.room.changes.member(join());
  await there.room.changes.settings({ by: "ann", id: uuidv7(), patch: { isLocked: true } });
  const changed = here.watched.count("records");
  here.hear(there.words);
  expect(await here.room.state.member("bob")).toEqual({ user: bob, role: "member" });
  expect(await here.room.state.settings()).toMatchObject({ isLocked: true });
  expect(here.watched.count("records")).toBe(changed);
});

it("remembers nothing while nobody has the room open here, since nothing is heard of it", async () => {
  const here = makeNode();
  const there = makeNode(here.watched);
  await here.room.state.member("bob");
  await there.room.changes.member(join());
  expect(await here.room.state.member("bob")).toMatchObject({ role: "member" });
});

it("does not take what was read before a change for what is true after it", async () => {
  const watched = new WatchedStore(memoryStore());
  const { records } = watched.store;
  const gate: { open?: () => void } = {};
  const here = makeNode(watched);
  await here.open();
  const slow = vi.spyOn(watched.store, "records").mockImplementationOnce(async (...query) => {
    const read = await records(...query);
    await new Promise<void>((resolve) => (gate.open = resolve));
    return read;
  });
  const asked = here.room.state.member("bob");
  await vi.waitFor(() => expect(slow).toHaveBeenCalled());
  await here.room.changes.member(join());
  gate.open?.();
  expect(await asked).toMatchObject({ role: "member" });
});

it("calls back those whom a change concerns, after everybody was told it and before they are told what follows", async () => {
  const here = makeNode();
  const there = makeNode(here.watched);
  await here.open();
  here.told.length = 0;
  const heard: string[] = [];
  const seen = () => here.told.filter(({ name }) => name === "room:events").map(({ payload }) => Reflect.get(Object(payload), "events").at(-1).seq);
  const stop = here.room.state.watch("bob", () => void heard.push(`bob ${seen().at(-1)}`));
  here.room.state.watch("cid", () => void heard.push(`cid ${seen().at(-1)}`));
  const say = (text: string) => there.room.append([{ draft: { type: "message.sent", id: uuidv7(), author: ann, text }, at: 0, fingerprint: text }]);
  await say("one");
  await there.room.changes.member(join());
  await say("three");
  await there.room.changes.settings({ by: "ann", id: uuidv7(), patch: { isLocked: true } });
  here.room.feed.offer(there.words.splice(0).flatMap((word) => (word.kind === "events" ? word.events : [])));
  expect(heard).toEqual(["bob 2", "bob 4", "cid 4"]);
  stop();
  await there.room.changes.member(join("cid"));
  here.hear(there.words);
  expect(heard).toEqual(["bob 2", "bob 4", "cid 4", "cid 5"]);
});
