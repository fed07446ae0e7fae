import { isAmong, type Message } from "@chat-widget/protocol";
import { scrub, type StoredEvent } from "../append.js";
import { type AppendOutcome, type AppendRequest, RoomDraft, neededBy } from "../room-draft.js";
import type { PostgresClient } from "./client.js";
import type { Life } from "./life.js";
import { writeRecords } from "./record-table.js";
import { vectorOf } from "./search-index.js";

/** What becomes of rooms that another transaction holds, or that are not there yet. */
export type Patience = "skips" | "waits";

interface AppendOptions {
  patience: Patience;
  /** Whether messages can be searched. */
  isSearchable: boolean;
}

/**
 * Appends to rooms within a transaction that is open. The outcomes are in the order of the requests; undefined for those of
 * a room that was skipped.
 * @throws {ChatError} `unavailable` when the store is in another life
 */
export async function appendGroup(client: PostgresClient, life: Life, requests: readonly AppendRequest[], { patience, isSearchable }: AppendOptions): Promise<(AppendOutcome | undefined)[]> {
  const { sql } = life;
  const rowsOf = async <Row>(text: string, ...values: unknown[]) => life.rowsOf<Row & { life: string }>((await client.query(text, values)).rows);
  const heads = await lockRooms();
  const taken = requests.filter(({ roomId }) => heads.has(roomId));
  // Statements of their own, after the lock: so they see what was committed while the lock was waited for.
  const known = await readKnown();
  const messages = await readMessages();
  const drafts = new Map([...heads].map(([roomId, head]) => [roomId, new RoomDraft(head, { event: (id) => known.get(key(roomId, id)), message: (id) => messages.get(key(roomId, id)) })]));
  const outcomes = requests.map(({ roomId, appends }) => drafts.get(roomId)?.attempt(appends));
  await write();
  return outcomes;

  async function lockRooms(): Promise<Map<string, number>> {
    // In one order, so that no two transactions wait for each other.
    const roomIds = [...new Set(requests.map(({ roomId }) => roomId))].sort();
    if (patience === "waits") await client.query(sql.addRooms, [roomIds]);
    const { rows } = await client.query(patience === "waits" ? sql.lockRooms : sql.lockFreeRooms, [roomIds]);
    // The columns are written there.
    return new Map((rows as { id: string; seq: string }[]).map(({ id, seq }) => [id, Number(seq)]));
  }

  async function readKnown(): Promise<Map<string, StoredEvent>> {
    const ids = taken.flatMap(({ roomId, appends }) => appends.map(({ draft }) => [roomId, draft.id]));
    if (ids.length === 0) return new Map();
    const rows = await rowsOf<{ room_id: string | null; id: string; fingerprint: string; body: string }>(sql.eventsOf, ...columns(ids));
    return new Map(rows.flatMap(({ room_id, id, fingerprint, body }) => (room_id === null ? [] : [[key(room_id, id), { fingerprint: JSON.parse(fingerprint), event: JSON.parse(body) }]])));
  }

  async function readMessages(): Promise<Map<string, Message>> {
    const changed = taken.flatMap(({ roomId, appends }) => appends.flatMap(({ draft }) => neededBy(draft).map((id) => [roomId, id])));
    const messages = await readThem(changed);
    // A deletion does not say which thread it is in before its message is read.
    const roots = taken.flatMap(({ roomId, appends }) => appends.flatMap(({ draft }) => (draft.type === "message.deleted" && messages.get(key(roomId, draft.messageId))?.threadId) || []).map((id) => [roomId, id]));
    return new Map([...messages, ...(await readThem(roots))]);
  }

  async function readThem(ids: readonly string[][]): Promise<Map<string, Message>> {
    if (ids.length === 0) return new Map();
    const rows = await rowsOf<{ room_id: string | null; id: string; body: string }>(sql.messagesOf, ...columns(ids));
    return new Map(rows.flatMap(({ room_id, id, body }) => (room_id === null ? [] : [[key(room_id, id), JSON.parse(body)]])));
  }

  async function write(): Promise<void> {
    const changed = [...drafts].filter(([, { events }]) => events.length > 0);
    if (changed.length === 0) return;
    for (const [roomId, { deleted }] of changed) if (deleted.size > 0) await scrubStored(roomId, [...deleted]);
    const events = changed.flatMap(([roomId, draft]) => draft.events.map(({ event, messageId, fingerprint }) => [roomId, event.seq, event.id, messageId ?? "", JSON.stringify(fingerprint), JSON.stringify(event)]));
    const written = changed.flatMap(([roomId, draft]) =>
      [...draft.messages].map(([id, message]) => {
        const words = draft.retold.has(id) ? wordsOf(roomId, message) : null;
        return [roomId, message.seq, id, JSON.stringify(message), message.sentAt, words, message.threadId ?? null, isAmong(undefined, message)];
      }),
    );
    const ends = changed.map(([roomId, { head, events: [first] }]) => [roomId, head, first?.event.at]);
    await client.query(sql.write, [...columns(events), ...columns(written, 8), ...columns(ends)]);
    await writeRecords(client, life, changed.flatMap(([, { records }]) => records));
  }

  function wordsOf(roomId: string, message: Message): string {
    return isSearchable ? vectorOf(roomId, message) : "";
  }

  async function scrubStored(roomId: string, messageIds: string[]): Promise<void> {
    const rows = await rowsOf<{ seq: string; body: string }>(sql.eventsOfMessages, roomId, messageIds);
    await client.query(sql.scrubEvents, [roomId, rows.map(({ seq }) => seq), rows.map(({ body }) => JSON.stringify(scrub(JSON.parse(body))))]);
  }
}

/** Ids hold no line breaks. */
function key(roomId: string, id: string): string {
  return `${roomId}\n${id}`;
}

/** Rows as the arrays that `unnest` takes. */
function columns(rows: readonly (readonly unknown[])[], width = rows[0]?.length ?? 0): unknown[][] {
  return Array.from({ length: width }, (_, index) => rows.map((row) => row[index]));
}
