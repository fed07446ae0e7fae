import { type RoomEvent, messageIdOf } from "@chat-widget/protocol";
import type { Horizon } from "../chat-store.js";
import { furthestHorizon, messageHorizon, stepEvents, takeOld, tombstone } from "../forget.js";
import type { PostgresClient } from "./client.js";
import type { Life } from "./life.js";

interface Room {
  life: string;
  id: string;
  trimmed: string;
}

interface Row {
  life: string;
  seq: string;
  body: string | null;
}

/** Forgets a part of what is behind the horizon, within a transaction that is open, which locks the room; false when there was nothing. */
export async function forgetStep(client: PostgresClient, life: Life, horizon: Horizon): Promise<boolean> {
  const rowsOf = async <R extends { life: string }>(text: string, ...values: unknown[]) => life.rowsOf<R>((await client.query(text, values)).rows);
  const { sql } = life;
  const own = [...(horizon.rooms ?? [])];
  const [room] = await rowsOf<Room>(sql.roomToTrim, horizon.messages, own.map(([roomId]) => roomId), own.map(([, messages]) => messages), furthestHorizon(horizon));
  if (room !== undefined) {
    await trim(room);
    return true;
  }
  const [cleared] = await rowsOf<Room>(sql.roomToClear, horizon.ids);
  if (cleared !== undefined) await clear(cleared);
  return cleared !== undefined;

  /** Makes tombstones of the oldest events of a room, and of all that happened to their messages later. */
  async function trim({ id: roomId, trimmed }: Room): Promise<void> {
    const { old, next } = takeOld(eventsOf(await rowsOf<Row>(sql.eventsAfter, roomId, trimmed, stepEvents + 1)), messageHorizon(horizon, roomId));
    const end = old.at(-1)?.seq ?? Number(trimmed);
    const sent = old.filter(({ type }) => type === "message.sent").map(({ id }) => id);
    const rows = await rowsOf<Row>(sql.eventsOfMessages, roomId, sent);
    const buried = [...eventsOf(rows), ...old.filter((event) => messageIdOf(event) === undefined)];
    await client.query(sql.scrubEvents, [roomId, buried.map(({ seq }) => seq), buried.map((event) => JSON.stringify(tombstone(event)))]);
    await client.query(sql.deleteMessages, [roomId, end]);
    await client.query(sql.setTrimmed, [roomId, end, next?.at ?? null, old[0]?.at ?? null]);
  }

  /** Removes the oldest tombstones of a room. */
  async function clear({ id: roomId, trimmed }: Room): Promise<void> {
    const { old, next } = takeOld(eventsOf(await rowsOf<Row>(sql.tombstones, roomId, trimmed, stepEvents + 1)), horizon.ids);
    await client.query(sql.deleteTombstones, [roomId, old.at(-1)?.seq ?? 0]);
    await client.query(sql.setCleared, [roomId, next?.at ?? null]);
  }
}

function eventsOf(rows: readonly Row[]): RoomEvent[] {
  return rows.flatMap(({ body }) => (body === null ? [] : [JSON.parse(body)]));
}
