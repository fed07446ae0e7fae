import type { RoomEvent } from "@chat-widget/protocol";
import type { ChatStore, MessagePlace, PlacedEvent } from "../stores/chat-store.js";
import type { StoredRecord } from "../stores/records.js";

const pageSize = 500;

/** Every event of every room, a page of one room at a time. */
export async function* everyEvent(store: ChatStore): AsyncGenerator<{ roomId: string; events: RoomEvent[] }> {
  for (let after: MessagePlace | undefined; ; ) {
    const page: readonly PlacedEvent[] = await store.allEvents(after, pageSize);
    for (let start = 0; start < page.length; ) {
      const { roomId } = page[start] ?? { roomId: "" };
      const events = page.slice(start).filter((placed) => placed.roomId === roomId);
      yield { roomId, events: events.map(({ event }) => event) };
      start += events.length;
    }
    const last = page.at(-1);
    if (last === undefined) return;
    after = { roomId: last.roomId, seq: last.event.seq };
  }
}

/** Every record of a collection, or those under a key, a page at a time. */
export async function* everyRecord(store: ChatStore, collection: string, under?: string): AsyncGenerator<StoredRecord[]> {
  for (let after: string | undefined; ; ) {
    const page: readonly StoredRecord[] = await store.records(collection, { ...(under !== undefined && { under }), ...(after !== undefined && { after }), limit: pageSize });
    yield [...page];
    after = page.at(-1)?.key;
    if (after === undefined) return;
  }
}

/** Whether an event was caused by one of these users, or is about them. */
export function isOf(userIds: ReadonlySet<string>, event: RoomEvent): boolean {
  if ("author" in event) return userIds.has(event.author.id);
  return userIds.has(event.by) || (event.type === "member.changed" && userIds.has(event.member.user.id));
}
