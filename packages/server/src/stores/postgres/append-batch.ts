import { ChatError, applyEvent, messageIdOf, type Message, type RoomEvent } from "@chat-widget/protocol";
import { eventAt, isRepeat, scrub, type StoredEvent } from "../append.js";
import type { Append, Appended } from "../chat-store.js";
import type { PostgresClient } from "./client.js";
import type { Life } from "./life.js";

/** An event to be written, with where it belongs. */
interface NewEvent extends StoredEvent {
  messageId: string;
}

/** Appends to one room within a transaction that is open. @throws {ChatError} `not-found`; `unavailable` when the store is in another life */
export async function appendBatch(client: PostgresClient, life: Life, roomId: string, appends: readonly Append[]): Promise<Appended[]> {
  const { sql } = life;
  const rowsOf = async <Row>(text: string, ...values: unknown[]) => life.rowsOf<Row & { life: string }>((await client.query(text, values)).rows);
  const head = await lockRoom();
  // A statement of its own, after the lock: so it sees what was committed while the lock was waited for.
  const known = await readKnown();
  const messages = await readMessages();
  const fresh: NewEvent[] = [];
  const changed = new Set<string>();
  const deleted = new Set<string>();
  const results = appends.map((append) => appendOne(append));
  await write();
  return results;

  async function lockRoom(): Promise<number> {
    const lock = () => rowsOf<{ seq: string }>(sql.lockRoom, roomId);
    let [room] = await lock();
    if (room === undefined) {
      await client.query(sql.addRoom, [roomId]);
      [room] = await lock();
    }
    return Number(room?.seq ?? 0);
  }

  async function readKnown(): Promise<Map<string, StoredEvent>> {
    const rows = await rowsOf<{ id: string | null; fingerprint: string; body: string }>(sql.eventsById, roomId, appends.map(({ draft }) => draft.id));
    return new Map(rows.flatMap(({ id, fingerprint, body }) => (id === null ? [] : [[id, { fingerprint: JSON.parse(fingerprint), event: JSON.parse(body) }]])));
  }

  async function readMessages(): Promise<Map<string, Message>> {
    const ids = [...new Set(appends.filter(({ draft }) => draft.type !== "message.sent").map((append) => messageIdOf(eventAt(0, append))))];
    if (ids.length === 0) return new Map();
    const rows = await rowsOf<{ id: string | null; body: string }>(sql.messagesById, roomId, ids);
    return new Map(rows.flatMap(({ id, body }) => (id === null ? [] : [[id, JSON.parse(body)]])));
  }

  function appendOne(append: Append): Appended {
    const before = known.get(append.draft.id);
    if (before !== undefined) return isRepeat(before, append) ? { outcome: "repeated", event: before.event } : { outcome: "conflict" };
    let event: RoomEvent = eventAt(head + fresh.length + 1, append);
    const messageId = messageIdOf(event);
    const message = applyEvent(messages.get(messageId), event);
    if (message === undefined) throw new ChatError("not-found", `unable to append a change; the room has no message ${messageId}`);
    messages.set(messageId, message);
    changed.add(messageId);
    // An edit that lost the race against the deletion brings no text back.
    const isDeleted = message.deletedAt !== undefined;
    if (isDeleted) event = scrub(event);
    if (event.type === "message.deleted") {
      deleted.add(messageId);
      for (const own of fresh) if (own.messageId === messageId) Object.assign(own, { event: scrub(own.event), fingerprint: "" });
    }
    const stored: NewEvent = { event, messageId, fingerprint: isDeleted ? "" : append.fingerprint };
    fresh.push(stored);
    known.set(event.id, stored);
    return { outcome: "stored", event };
  }

  async function write(): Promise<void> {
    for (const messageId of deleted) await scrubStored(messageId);
    if (fresh.length === 0) return;
    const column = <T>(read: (one: NewEvent) => T): T[] => fresh.map(read);
    await client.query(sql.insertEvents, [roomId, column(({ event }) => event.seq), column(({ event }) => event.id), column((one) => one.messageId), column(({ fingerprint }) => JSON.stringify(fingerprint)), column(({ event }) => JSON.stringify(event))]);
    const written = [...changed].flatMap((id) => messages.get(id) ?? []);
    await client.query(sql.setMessages, [roomId, written.map(({ seq }) => seq), written.map(({ id }) => id), written.map((message) => JSON.stringify(message))]);
    await client.query(sql.setHead, [roomId, head + fresh.length, fresh[0]?.event.at]);
  }

  async function scrubStored(messageId: string): Promise<void> {
    const rows = await rowsOf<{ seq: string; body: string }>(sql.eventsOfMessages, roomId, [messageId]);
    await client.query(sql.scrubEvents, [roomId, rows.map(({ seq }) => seq), rows.map(({ body }) => JSON.stringify(scrub(JSON.parse(body))))]);
  }
}
