import type { RoomEvent } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import type { Append, Appended, EventDraft } from "../chat-store.js";

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Change = DistributiveOmit<Extract<EventDraft, { by: string }>, "id" | "by">;

export const ann = { id: "ann", name: "Ann" };
export const bob = { id: "bob", name: "Bob" };

/** A message to append; its text stands for the fingerprint. */
export function sending(text: string, { id = uuidv7(), author = ann, at = 1_000 } = {}): Append {
  return { draft: { type: "message.sent", id, author, text }, at, fingerprint: text };
}

/** A change to append. */
export function changing(change: Change, { id = uuidv7(), by = "ann", at = 2_000 } = {}): Append {
  return { draft: { ...change, id, by }, at, fingerprint: JSON.stringify(change) };
}

/** An edit to append. */
export function editing(messageId: string, text: string, options?: Parameters<typeof changing>[1]): Append {
  return changing({ type: "message.edited", messageId, text }, options);
}

/** A deletion to append. */
export function deleting(messageId: string, options?: Parameters<typeof changing>[1]): Append {
  return changing({ type: "message.deleted", messageId }, options);
}

/** An event of the application to append. */
export function publishing(name: string, data: unknown, { id = uuidv7(), author = ann, at = 3_000 } = {}): Append {
  return { draft: { type: "event.published", id, author, name, data }, at, fingerprint: JSON.stringify([name, data]) };
}

/** The event an append became, now or before. */
export function eventOf(appended: Appended | undefined): RoomEvent {
  if (appended === undefined || appended.outcome === "conflict") throw new Error("nothing was appended");
  return appended.event;
}
