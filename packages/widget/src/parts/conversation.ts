import { html, nothing } from "lit";
import type { ChatState, View } from "./view.js";

/** The messages, or what stands in their place while there are none. */
export function conversation({ client, room }: Partial<ChatState>, unreadFrom: string | undefined, view: View) {
  const { words } = view;
  if (room === undefined || (room.phase === "joining" && room.messages.length === 0)) {
    return html`<div class="skeleton" role="progressbar" aria-label=${words.connecting}><i></i><i></i><i></i><i></i></div>`;
  }
  return html`${room.messages.length > 0 || room.hasOlder
      ? html`<chat-widget-list .room=${room} .view=${view} .unreadFrom=${unreadFrom} .isOnline=${client?.status === "online" && room.phase === "ready"}></chat-widget-list>`
      : nothing}
    <div class="blank" ?hidden=${room.messages.length > 0 || room.hasOlder}>
      <slot name="empty"><h3>${words.emptyTitle}</h3><p>${words.emptyText}</p></slot>
    </div>`;
}
