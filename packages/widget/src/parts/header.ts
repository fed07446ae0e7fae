import { html, nothing } from "lit";
import { raise } from "../intents.js";
import { avatar } from "./avatar.js";
import { icon } from "./icon.js";
import type { ChatState, View } from "./view.js";

const facesShown = 3;

interface Header {
  readonly heading: string;
  /** False where the panel is a part of the page. */
  readonly canClose: boolean;
}

/** What the chat is called, who is there, and the way out. */
export function header({ heading, canClose }: Header, state: ChatState | undefined, { words, user }: View) {
  const { room, client } = state ?? {};
  const status = client?.status ?? "connecting";
  const isReady = status === "online" && room?.phase === "ready";
  const isRefused = status === "refused" || room?.phase === "failed";
  const others = room?.presence.users.filter(({ id }) => id !== user?.id) ?? [];
  return html`<div class="header" part="header">
    <div class="about">
      <h2 class="heading" part="heading" tabindex="-1"><bdi>${heading}</bdi></h2>
      ${isReady || !isRefused
        ? html`<div class="status" part="status" data-status=${isReady ? "online" : status}><bdi>${isReady ? words.here(room.presence.count) : words.connecting}</bdi></div>`
        : nothing}
    </div>
    ${isReady && others.length > 0 ? html`<div class="people" aria-hidden="true">${others.slice(0, facesShown).map(avatar)}</div>` : nothing}
    ${canClose ? html`<button class="icon" part="close" aria-label=${words.close} title=${words.close} @click=${raise({ type: "close" })}>${icon("close")}</button>` : nothing}
  </div>`;
}
