import type { Message } from "@chat-widget/protocol";
import { html, nothing } from "lit";
import { raise } from "../intents.js";
import { isolated } from "../text/person.js";
import type { View } from "./view.js";

/** Who set an emoji, in words. */
function namesOf(userIds: readonly string[], view: View): string {
  const names = userIds.map((id) => (id === view.user?.id ? view.words.you : isolated(view.nameOf(id) ?? view.words.someone)));
  return new Intl.ListFormat(view.lang).format(names);
}

/** The emoji under a message, each a switch for one's own. */
export function reactionBar(message: Message, view: View, tabIndex: number) {
  if (message.reactions.length === 0) return nothing;
  const mayReact = view.permissions.includes("react");
  return html`<div class="reactions" part="reactions">${message.reactions.map(({ emoji, userIds }) => {
    const isOn = view.user !== undefined && userIds.includes(view.user.id);
    const label = `${emoji} ${userIds.length}: ${namesOf(userIds, view)}`;
    return html`<button
      class="reaction"
      part="reaction"
      tabindex=${tabIndex}
      ?disabled=${!mayReact}
      aria-pressed=${isOn}
      aria-label=${label}
      title=${label}
      @click=${raise({ type: "react", messageId: message.id, emoji, on: !isOn })}
    >${emoji} ${userIds.length}</button>`;
  })}</div>`;
}
