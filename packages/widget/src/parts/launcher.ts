import { html, nothing } from "lit";
import { raise } from "../intents.js";
import { icon } from "./icon.js";
import type { View } from "./view.js";

/** The round button in the corner. */
export function launcher(isOpen: boolean, unreadCount: number, { words }: View) {
  const label = isOpen ? words.close : unreadCount > 0 ? `${words.open}, ${words.unread(unreadCount)}` : words.open;
  return html`<button class="launcher" part="launcher" aria-label=${label} aria-expanded=${isOpen} @click=${raise({ type: "toggle" })}>
    ${isOpen ? icon("down") : html`<slot name="launcher">${icon("chat")}</slot>`}
    ${!isOpen && unreadCount > 0 ? html`<span class="badge" part="badge" aria-hidden="true">${unreadCount > 99 ? "99+" : unreadCount}</span>` : nothing}
  </button>`;
}
