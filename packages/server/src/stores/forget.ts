import { defaultRoomSettings, type Message, type Profile, type RoomEvent } from "@chat-widget/protocol";
import { scrub } from "./append.js";
import type { Horizon } from "./chat-store.js";

/** Events that one step of forgetting takes, so that whoever writes meanwhile does not wait for long. */
export const stepEvents = 200;

/** Up to when the messages of one room are forgotten. */
export function messageHorizon({ messages, rooms }: Horizon, roomId: string): number {
  return rooms?.get(roomId) ?? messages;
}

/** Up to when messages of any room are. */
export function furthestHorizon({ messages, rooms }: Horizon): number {
  return Math.max(messages, ...(rooms?.values() ?? []));
}

/** What is left of an event that is behind the horizon: who did it and under which id, so that it is known again. */
export function tombstone(event: RoomEvent): RoomEvent {
  const scrubbed = scrub(event);
  if (scrubbed.type === "message.sent") return { ...scrubbed, author: nameless(scrubbed.author) };
  if (scrubbed.type === "event.published") return { ...scrubbed, author: nameless(scrubbed.author), data: undefined };
  if (scrubbed.type === "member.changed") return { ...scrubbed, member: { user: nameless(scrubbed.member.user) } };
  if (scrubbed.type === "message.deleted") {
    const { publicReason: _reason, ...rest } = scrubbed;
    return rest;
  }
  return scrubbed.type === "room.updated" ? { ...scrubbed, settings: defaultRoomSettings } : scrubbed;
}

/** An event of which nobody can tell any more what the one it is of or about was called. */
export function redactEvent(event: RoomEvent): RoomEvent {
  if (event.type === "message.sent") return { ...event, author: nameless(event.author) };
  if (event.type === "event.published") return { ...event, author: nameless(event.author), data: undefined };
  return event.type === "member.changed" ? { ...event, member: { ...event.member, user: nameless(event.member.user) } } : event;
}

/** A message of which nobody can tell any more what its author was called. */
export function redactMessage(message: Message): Message {
  return { ...message, author: nameless(message.author) };
}

/** Whether nothing is known any more of what somebody is called. */
export function isNameless({ name, avatarUrl }: Profile): boolean {
  return name === "?" && avatarUrl === undefined;
}

/** What is left of a person: who it was, and not what they are called. */
export function nameless({ id }: Profile): Profile {
  return { id, name: "?" };
}

/** Of the next events of a log those that one step forgets, and the one that stays after them. */
export function takeOld(events: readonly RoomEvent[], before: number): { old: readonly RoomEvent[]; next: RoomEvent | undefined } {
  const end = events.findIndex(({ at }) => at >= before);
  const count = Math.min(end === -1 ? events.length : end, stepEvents);
  return { old: events.slice(0, count), next: events[count] };
}
