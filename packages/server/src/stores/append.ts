import type { RoomEvent } from "@chat-widget/protocol";
import type { Append, EventDraft } from "./chat-store.js";

/** An event as a store keeps it. */
export interface StoredEvent {
  event: RoomEvent;
  /** Empty once the message was deleted: it could be matched against guessed texts. */
  fingerprint: string;
}

/** The event that an append becomes at a place in the log. */
export function eventAt(seq: number, { draft, at }: Append): RoomEvent {
  return { ...draft, seq, at };
}

/** Whether an id that is already stored is asked for the same thing again. */
export function isRepeat({ event, fingerprint }: StoredEvent, append: Append): boolean {
  const isSameAsk = fingerprint === "" || fingerprint === append.fingerprint;
  return isSameAsk && event.type === append.draft.type && actorOf(event) === actorOf(append.draft);
}

/** The event without what the user wrote; for every event of a deleted message. */
export function scrub(event: RoomEvent): RoomEvent {
  if (!("text" in event)) return event;
  // An edit has no data and no files; taking them away does no harm.
  const { mentions: _mentions, data: _data, attachments: _attachments, ...rest } = { data: undefined, attachments: undefined, ...event };
  return { ...rest, text: "" };
}

function actorOf(event: EventDraft): string {
  return "author" in event ? event.author.id : event.by;
}
