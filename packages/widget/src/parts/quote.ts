import type { Message } from "@chat-widget/protocol";
import { html } from "lit";
import type { View } from "./view.js";

/** The two lines that stand for a message one answers. */
export function quoteLines(message: Message | undefined, view: View) {
  if (message === undefined) return html`<span></span><span>${view.words.earlierMessage}</span>`;
  const who = message.author.id === view.user?.id ? view.words.you : message.author.name;
  return html`<span><bdi>${who}</bdi></span
    ><span dir="auto">${message.deletedAt === undefined ? (view.format?.plainTextOf(message.text) ?? message.text) : view.words.deleted}</span>`;
}
