import { randomBytes, randomUUID } from "node:crypto";
import type { ChatStore, PlacedEvent } from "./chat-store.js";
import { messageHorizon } from "./forget.js";
import { MemoryRecords } from "./memory-records.js";
import { MemoryRoom } from "./memory-room.js";
import { searchRooms } from "./memory-search.js";
import { type MessageReader, readPage } from "./read-page.js";
import { compareKeys } from "./records.js";

/** A room without messages. */
const nothing: MessageReader = { before: () => [], from: () => [] };

/** A store that forgets everything when the process ends; for tests and first steps. */
export function memoryStore(): ChatStore {
  const identity = { epoch: randomUUID(), secret: new Uint8Array(randomBytes(32)) };
  const rooms = new Map<string, MemoryRoom>();
  const records = new MemoryRecords();
  let messages = 0;
  const roomOf = (roomId: string): MemoryRoom => {
    const room = rooms.get(roomId) ?? new MemoryRoom(records, () => (messages += 1));
    rooms.set(roomId, room);
    return room;
  };
  return {
    open: async () => identity,
    append: async (roomId, appends) => roomOf(roomId).append(appends),
    heads: async (roomIds) => roomIds.map((roomId) => rooms.get(roomId)?.head ?? 0),
    eventsAfter: async (roomId, seq, limit) => {
      const room = rooms.get(roomId);
      return room?.eventsAfter(seq, limit) ?? { kind: "events", events: [], head: 0 };
    },
    eventsById: async (roomId, ids) => ids.map((id) => rooms.get(roomId)?.event(id)).filter((event) => event !== undefined),
    messages: async (roomId, query) => readPage(rooms.get(roomId)?.reader(query.threadId) ?? nothing, query, rooms.get(roomId)?.head ?? 0),
    messagesById: async (roomId, ids) => ids.map((id) => rooms.get(roomId)?.message(id)).filter((message) => message !== undefined),
    search: async (query) => searchRooms(rooms, query),
    receipts: async (roomId) => [...(rooms.get(roomId)?.receipts ?? [])].map(([userId, seq]) => ({ userId, seq })),
    moveReceipt: async (roomId, userId, seq) => {
      const { receipts } = roomOf(roomId);
      receipts.set(userId, Math.max(seq, receipts.get(userId) ?? 0));
    },
    reading: async (userId, roomIds, most) => roomIds.map((roomId) => rooms.get(roomId)?.reading(userId, most) ?? { seq: 0, unread: 0, mentions: 0 }),
    receiptsOf: async (userId) => [...rooms].flatMap(([roomId, { receipts }]) => receipts.has(userId) ? [{ roomId, seq: receipts.get(userId) ?? 0 }] : []),
    forgetReader: async (userId) => {
      for (const { receipts } of rooms.values()) receipts.delete(userId);
    },
    allEvents: async (after, limit) => {
      const ids = [...rooms.keys()].filter((roomId) => after === undefined || compareKeys(roomId, after.roomId) >= 0).toSorted(compareKeys);
      const events: PlacedEvent[] = [];
      for (const roomId of ids) {
        if (events.length === limit) break;
        const found = rooms.get(roomId)?.events(roomId === after?.roomId ? after.seq : 0, limit - events.length) ?? [];
        events.push(...found.map((event) => ({ roomId, event })));
      }
      return events;
    },
    redact: async (roomId, seqs) => rooms.get(roomId)?.redact(new Set(seqs)),
    records: async (collection, query) => records.read(collection, query),
    writeRecords: async (writes) => records.write(writes),
    forget: async (horizon) => {
      const steps = [...rooms].map(([roomId, room]) => room.forget({ ...horizon, messages: messageHorizon(horizon, roomId) }));
      return { isDone: steps.every((hasForgotten) => !hasForgotten) };
    },
    close: async () => {},
  };
}
