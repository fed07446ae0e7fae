import type { CatchUp, Cursor } from "@chat-widget/protocol";
import type { ChatStore } from "../stores/chat-store.js";

/** A reader further behind than this gets a snapshot; replaying would cost both sides more. */
const replayedEvents = 1_000;
const snapshotMessages = 50;

/** How a reader of a room gets up to date, from `after` on or from nothing. At most `limit` events or messages. */
export async function readCatchUp(store: ChatStore, epoch: string, roomId: string, after: Cursor | undefined, limit: number): Promise<CatchUp> {
  const snapshot = async (reason: Extract<CatchUp, { kind: "snapshot" }>["reason"], count: number): Promise<CatchUp> => {
    const { asOf, messages, hasOlder } = await store.messages(roomId, { limit: count });
    return { kind: "snapshot", epoch, head: asOf, reason, messages, hasOlder };
  };
  const few = Math.min(limit, snapshotMessages);
  if (after === undefined) return snapshot("first", limit);
  if (after.epoch !== epoch) return snapshot("epoch", few);
  const read = await store.eventsAfter(roomId, after.seq, limit);
  if (read.kind === "trimmed") return snapshot("trimmed", few);
  const { events, head } = read;
  if (after.seq > head) return snapshot("ahead", few);
  if (head - after.seq > replayedEvents) return snapshot("far", few);
  return { kind: "events", epoch, head, events, more: after.seq + events.length < head };
}
