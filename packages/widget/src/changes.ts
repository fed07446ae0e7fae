import type { RoomMessage, RoomSnapshot } from "@chat-widget/client";
import type { ChatWidgetEvents } from "./events.js";
import type { ChatState } from "./parts/view.js";

/** Something that happened: the name of an event and what it carries. */
export type Change = { [Name in keyof ChatWidgetEvents]: { readonly name: Name; readonly detail: ChatWidgetEvents[Name] } }[keyof ChatWidgetEvents];

/** What happened between two moments, in the order it happened. */
export function* changesBetween(previous: ChatState | undefined, { client, room }: ChatState): Generator<Change> {
  if (client.status !== previous?.client.status) yield { name: "chat-status-changed", detail: { status: client.status } };
  if (previous?.room.phase === "ready" && previous.room.messages !== room.messages) yield* changesOfMessages(previous.room, room);
  if (room.unreadCount !== (previous?.room.unreadCount ?? 0)) yield { name: "chat-unread-changed", detail: { count: room.unreadCount } };
}

function* changesOfMessages(previous: RoomSnapshot, next: RoomSnapshot): Generator<Change> {
  const before = new Map<string, RoomMessage>(previous.messages.map((message) => [message.id, message]));
  const newest = previous.messages.findLast(({ delivery }) => delivery.state === "sent")?.seq ?? 0;
  for (const message of next.messages) {
    const old = before.get(message.id);
    if (old === message) continue;
    const { delivery, isMine } = message;
    // What is still being written is told when it is whole.
    if (delivery.state === "streaming") continue;
    // Older history comes in too; only what is after the newest one known was written since.
    if (!isMine && (old === undefined || old.delivery.state === "streaming") && message.seq > newest) yield { name: "chat-message-received", detail: { message } };
    else if (isMine && delivery.state === "sent" && old !== undefined && old.delivery.state !== "sent") yield { name: "chat-message-sent", detail: { message } };
    else if (delivery.state === "failed" && old?.delivery.state !== "failed") yield { name: "chat-error", detail: { error: delivery.error } };
  }
}
