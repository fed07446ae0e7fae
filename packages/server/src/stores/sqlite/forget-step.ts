import { type RoomEvent, messageIdOf } from "@chat-widget/protocol";
import type { Horizon } from "../chat-store.js";
import { messageHorizon, stepEvents, takeOld, tombstone } from "../forget.js";
import type { Statements } from "./statements.js";

/** Forgets a part of what is behind the horizon, within a transaction that is open; false when there was nothing. */
export function forgetStep(sql: Statements, horizon: Horizon): boolean {
  const room = roomToTrim(sql, horizon);
  if (room !== undefined) trim(sql, room.id, room.trimmed, messageHorizon(horizon, room.id));
  const cleared = room === undefined ? sql.roomToClear.get(horizon.ids) : undefined;
  if (cleared !== undefined) clear(sql, cleared.id, cleared.trimmed, horizon.ids);
  return room !== undefined || cleared !== undefined;
}

/** A room with something to forget: one with a time of its own, or any other. */
function roomToTrim(sql: Statements, { messages, rooms = new Map<string, number>() }: Horizon): { id: string; trimmed: number } | undefined {
  for (const [roomId, before] of rooms) {
    const room = sql.oneToTrim.get(roomId, before);
    if (room !== undefined) return room;
  }
  return sql.roomToTrim.get(messages, JSON.stringify([...rooms.keys()]));
}

/** Makes tombstones of the oldest events of a room, and of all that happened to their messages later. */
function trim(sql: Statements, roomId: string, trimmed: number, before: number): void {
  const { old, next } = takeOld(sql.eventsAfter.all(roomId, trimmed, stepEvents + 1).map(parse), before);
  for (const event of old) {
    if (messageIdOf(event) === undefined) sql.scrubEvent.run(JSON.stringify(tombstone(event)), roomId, event.seq);
    if (event.type !== "message.sent") continue;
    sql.deleteWords.run(roomId, event.seq);
    sql.deleteMessage.run(roomId, event.seq);
    for (const { seq, body } of sql.eventsOfMessage.all(roomId, event.id)) sql.scrubEvent.run(JSON.stringify(tombstone(JSON.parse(body))), roomId, seq);
  }
  sql.setTrimmed.run(old.at(-1)?.seq ?? trimmed, next?.at ?? null, old[0]?.at ?? null, roomId);
}

/** Removes the oldest tombstones of a room. */
function clear(sql: Statements, roomId: string, trimmed: number, before: number): void {
  const { old, next } = takeOld(sql.tombstones.all(roomId, trimmed, stepEvents + 1).map(parse), before);
  sql.deleteTombstones.run(roomId, old.at(-1)?.seq ?? 0);
  sql.setCleared.run(next?.at ?? null, roomId);
}

function parse({ body }: { body: string }): RoomEvent {
  return JSON.parse(body);
}
