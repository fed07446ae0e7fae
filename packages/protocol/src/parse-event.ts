import { RoomEvent, eventSchemas, type WireEvent } from "./event.js";

/** What a reader makes of one event of the wire. The place in the log counts in all three cases. */
export type ParsedEvent =
  | { kind: "known"; seq: number; event: RoomEvent }
  /** A type of a newer version: kept as it is, changes nothing this version shows. */
  | { kind: "unknown"; seq: number; event: WireEvent }
  /** A known type with a broken body: counted and left out. */
  | { kind: "malformed"; seq: number; reason: string };

/** Reads one event of the wire; never throws. */
export function parseEvent(event: WireEvent): ParsedEvent {
  if (!Object.hasOwn(eventSchemas, event.type)) return { kind: "unknown", seq: event.seq, event };
  const parsed = RoomEvent.safeParse(event);
  if (parsed.success) return { kind: "known", seq: event.seq, event: parsed.data };
  return { kind: "malformed", seq: event.seq, reason: parsed.error.message };
}
