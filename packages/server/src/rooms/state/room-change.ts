import type { RoomEvent, WireEvent } from "@chat-widget/protocol";
import { isKnown } from "../feed/scrub.js";

/** An event that changes what the room is. */
export type RoomChange = Extract<RoomEvent, { type: "room.updated" | "member.changed" }>;

/** Whether an event is a {@link RoomChange}. */
export function isRoomChange(event: WireEvent | undefined): event is RoomChange {
  return event !== undefined && isKnown(event) && (event.type === "room.updated" || event.type === "member.changed");
}

/** A run in parts, each up to and with the next change. */
export function splitAtChanges(run: readonly WireEvent[]): (readonly WireEvent[])[] {
  const parts: WireEvent[][] = [];
  for (const event of run) {
    const part = parts.at(-1);
    if (part === undefined || isRoomChange(part.at(-1))) parts.push([event]);
    else part.push(event);
  }
  return parts;
}
