import { defaultRoomSettings, type RoomEvent } from "@chat-widget/protocol";
import type { RoomSnapshot } from "./snapshot.js";

/** How a room is run, and what the user is to it and may do in it. */
export type Standing = Pick<RoomSnapshot, "permissions" | "settings" | "member">;

/** Of one who is not let in yet. */
export const stranger: Standing = { permissions: [], settings: defaultRoomSettings, member: undefined };

/** What an event of the log makes of it. What the user may do is not in the log; the server tells them. */
export function standingAfter(standing: Standing, event: RoomEvent, myId: string | undefined): Standing {
  if (event.type === "room.updated") return { ...standing, settings: event.settings };
  return event.type === "member.changed" && event.member.user.id === myId ? { ...standing, member: event.member } : standing;
}
