import { createHash, createHmac } from "node:crypto";
import type { RoomEvent } from "@chat-widget/protocol";
import { type Webhook, keyOf } from "./webhook.js";

/** How long a receiver may take to answer. */
const deadlineMs = 15_000;

/** A stretch of a room's log, as one webhook is told it. */
export interface Batch {
  roomId: string;
  epoch: string;
  /** In the order of the log; those the webhook does not want are left out. */
  events: readonly RoomEvent[];
}

/**
 * Tells a webhook, signed as the specification Standard Webhooks says. Rejects unless it answers with success. The same
 * batch has the same `webhook-id`.
 */
export async function post({ url, secret }: Webhook, { roomId, epoch, events }: Batch, now: number, signal: AbortSignal): Promise<void> {
  const body = JSON.stringify({ type: "room.events", timestamp: new Date(now).toISOString(), data: { roomId, epoch, events } });
  const id = `msg_${createHash("sha256").update(JSON.stringify([epoch, roomId, events.map(({ seq }) => seq)])).digest("base64url")}`;
  const timestamp = String(Math.floor(now / 1_000));
  const signature = createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest("base64");
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` },
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
  });
  // What it says beside the status is of no use, and may be endless.
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the webhook answered ${response.status || "with a redirect"}`);
}
