import type { ChatStore } from "../stores/chat-store.js";
import { type RecordWrite, partsOf, recordKey } from "../stores/records.js";

const collection = "webhooks-pending";

/** A room that a webhook has not been told all of. */
export interface Mark {
  roomId: string;
  revision: number;
}

/** What marks a room for a webhook; written with each event, so that no crash comes between. */
export function marking(name: string, roomId: string): Omit<RecordWrite, "expect"> {
  return { collection, key: recordKey(name, roomId), value: {} };
}

export async function markOf(store: ChatStore, name: string, roomId: string): Promise<Mark | undefined> {
  const [record] = await store.records(collection, { keys: [recordKey(name, roomId)] });
  return record && { roomId, revision: record.revision };
}

/** Every room that a webhook has not been told all of, a page at a time. */
export async function* markedRooms(store: ChatStore, name: string): AsyncGenerator<string> {
  const limit = 500;
  for (let after: string | undefined; ; ) {
    const records = await store.records(collection, { under: recordKey(name), limit, ...(after !== undefined && { after }) });
    for (const { key } of records) yield partsOf(key)[1] ?? "";
    after = records.at(-1)?.key;
    if (records.length < limit) return;
  }
}

/** Takes a mark away; false when the room has new events since it was read. */
export function unmark(store: ChatStore, name: string, { roomId, revision }: Mark): Promise<boolean> {
  return store.writeRecords([{ collection, key: recordKey(name, roomId), expect: revision }]);
}
