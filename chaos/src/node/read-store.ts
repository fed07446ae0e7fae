import type { Message, RoomEvent } from "@chat-widget/protocol";
import type { ChatStore } from "@chat-widget/server";

/** Everything a store holds of a room. */
export interface RoomDump {
  room: string;
  epoch: string;
  events: RoomEvent[];
  /** The messages as the store folded them. */
  messages: Message[];
}

const pageSize = 2_000;

/** Reads a room whole. */
export async function readRoom(store: ChatStore, epoch: string, room: string): Promise<RoomDump> {
  const events: RoomEvent[] = [];
  for (let isWhole = false; !isWhole; ) {
    const read = await store.eventsAfter(room, events.at(-1)?.seq ?? 0, pageSize);
    if (read.kind === "trimmed") throw new Error("unable to read the room whole; its log was trimmed");
    events.push(...read.events);
    isWhole = read.events.length < pageSize;
  }
  const messages: Message[] = [];
  for (let isWhole = false; !isWhole; ) {
    const page = await store.messages(room, { after: messages.at(-1)?.seq ?? 0, limit: pageSize });
    messages.push(...page.messages);
    isWhole = page.messages.length < pageSize;
  }
  return { room, epoch, events, messages };
}
