import { membersCollection } from "../rooms/state/room-records.js";
import { threadPositionsCollection } from "../rooms/thread-positions.js";
import type { ChatStore } from "../stores/chat-store.js";
import { type StoredRecord, partsOf } from "../stores/records.js";
import { everyRecord } from "./read-all.js";

/** Where it is kept what people are and did to rooms, by room and then by user. */
export const collectionsByRoom = [membersCollection, threadPositionsCollection] as const;

/** The records of users in a collection that goes by room and user. Looks at everybody's. */
export async function* recordsOf(store: ChatStore, collection: string, userIds: ReadonlySet<string>): AsyncGenerator<StoredRecord> {
  for await (const records of everyRecord(store, collection)) {
    for (const record of records) if (userIds.has(partsOf(record.key)[1] ?? "")) yield record;
  }
}
