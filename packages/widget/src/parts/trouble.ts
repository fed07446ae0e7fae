import type { ClientSnapshot } from "@chat-widget/client";
import type { ChatError } from "@chat-widget/protocol";
import { html, nothing } from "lit";
import { raise } from "../intents.js";
import { reasonOf } from "../text/reason.js";
import type { View } from "./view.js";

/** Says that the connection is away for now; nothing while it is not. */
export function banner({ status, error }: Partial<ClientSnapshot>, notice: string | undefined, { words }: View) {
  if (notice !== undefined) return html`<div class="banner" part="banner" dir="auto" data-now>${notice}</div>`;
  const trouble = status === "reconnecting" || status === "offline" ? words[status] : status === "connecting" && error !== undefined ? words.unreachable : undefined;
  return trouble === undefined ? nothing : html`<div class="banner" part="banner" dir="auto">${trouble}</div>`;
}

/** Stands where the conversation would be when there can be none. The reason for developers is folded away. */
export function refusal(error: ChatError, { words }: View) {
  return html`<div class="blank" part="error">
    <h3>${words.unavailable}</h3>
    <p dir="auto">${reasonOf(error, words)}</p>
    <button class="solid" @click=${raise({ type: "restart" })}>${words.tryAgain}</button>
    <details>
      <summary>${words.details}</summary>
      <code dir="ltr">${error.code}: ${error.message}</code>
    </details>
  </div>`;
}
