import { html } from "lit";
import { raise } from "../intents.js";
import { isolated } from "../text/person.js";
import type { View } from "./view.js";

/** Tells a guest the name they were given, and lets them choose another. */
export function guestLine(isRenaming: boolean, nameLength: number, view: View) {
  const { words, user } = view;
  return html`<div class="guest" part="guest">
    ${isRenaming
      ? html`<chat-widget-rename .view=${view} .nameLength=${nameLength}></chat-widget-rename>`
      : html`<span dir="auto">${words.youAppearAs(isolated(user?.name ?? ""))}</span><button class="text-button" @click=${raise({ type: "rename-open" })}>${words.change}</button>`}
  </div>`;
}
