import { type RoomEvent, type WireEvent, eventSchemas, messageIdOf } from "@chat-widget/protocol";
import { scrub } from "../../stores/append.js";

/** True for an event of a type that this version knows. What stores give and what was checked on arrival fits its type. */
export function isKnown(event: WireEvent): event is RoomEvent {
  return Object.hasOwn(eventSchemas, event.type);
}

/** The message that an event deletes. */
export function deletedMessageOf(event: WireEvent): string | undefined {
  return isKnown(event) && event.type === "message.deleted" ? event.messageId : undefined;
}

/** Takes the text of a deleted message out of events that are kept. */
export function scrubEvents(events: WireEvent[], messageId: string): void {
  for (const [index, event] of events.entries()) {
    if (isKnown(event) && messageIdOf(event) === messageId) events[index] = scrub(event);
  }
}
