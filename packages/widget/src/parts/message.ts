import { html, nothing, type TemplateResult } from "lit";
import { raise } from "../intents.js";
import { isEmojiOnly } from "../text/emoji.js";
import type { Row } from "../text/rows.js";
import { reasonOf } from "../text/reason.js";
import { dayOf, timeOf } from "../text/time.js";
import { avatar } from "./avatar.js";
import { quoteLines } from "./quote.js";
import { reactionBar } from "./reaction-bar.js";
import type { View } from "./view.js";

/** How one message is shown now. */
export interface MessageMood {
  /** The one that has the list's place in the tab order. */
  readonly isCurrent: boolean;
  /** Whether the message it answers is at hand. */
  readonly canJump: boolean;
  /** Came while the list was on the screen. */
  readonly isNew: boolean;
  /** The actions, on the message they are for. */
  readonly actions: TemplateResult | typeof nothing;
  readonly now: number;
}

/** A message with everything that hangs on it: day, author, quote, reactions, trouble. */
export function messageRow(row: Row, view: View, mood: MessageMood) {
  const { message } = row;
  const { words, lang } = view;
  const { isCurrent } = mood;
  const time = timeOf(message.sentAt, lang);
  const isDeleted = message.deletedAt !== undefined;
  const bodyId = `body-${message.id}`;
  return html`${row.startsDay ? html`<div class="day" part="day"><span>${dayOf(message.sentAt, lang, mood.now)}</span></div>` : nothing}${
    row.startsUnread ? html`<div class="unread-line" part="unread-line">${words.firstUnread}</div>` : nothing
  }<div
      class="item"
      part="message"
      role="article"
      aria-label=${`${message.isMine ? words.you : message.author.name}, ${time}`}
      aria-describedby=${bodyId}
      tabindex=${isCurrent ? 0 : -1}
      data-id=${message.id}
      data-state=${message.delivery.state}
      ?data-own=${message.isMine}
      ?data-new=${mood.isNew}
      ?data-start=${row.startsGroup}
      ?data-end=${row.endsGroup}
      ?data-deleted=${isDeleted}
      ?data-emoji=${message.replyTo === undefined && isEmojiOnly(message.text)}
    >
      ${row.startsGroup ? byline(row, time) : nothing}
      <div class="line">
        <div class="bubble" part="bubble" id=${bodyId}>
          ${message.replyTo === undefined || isDeleted
            ? nothing
            : mood.canJump
              ? html`<button class="quote" part="quote" tabindex=${isCurrent ? 0 : -1} data-jump=${message.replyTo}>${quoteLines(message.quote, view)}</button>`
              : html`<div class="quote" part="quote">${quoteLines(message.quote, view)}</div>`}
          <span class="text" part="text" dir="auto">${isDeleted ? words.deleted : (view.format?.richText(message.text) ?? message.text)}</span>${
            message.editedAt === undefined || isDeleted ? nothing : html`<span class="note">${words.edited}</span>`
          }${message.delivery.state === "pending" ? html`<span class="sr">${words.sending}</span>` : nothing}
        </div>
        ${reactionBar(message, view, isCurrent ? 0 : -1)} ${failure(row, view)}
      </div>
      ${mood.actions}
    </div>`;
}

function byline({ message }: Row, time: string) {
  const stamp = html`<time datetime=${new Date(message.sentAt).toISOString()}>${time}</time>`;
  if (message.isMine) return html`<div class="byline">${stamp}</div>`;
  return html`${avatar(message.author)}
    <div class="byline"><bdi class="name" part="name">${message.author.name}</bdi>${stamp}</div>`;
}

function failure({ message }: Row, { words }: View) {
  const { delivery } = message;
  if (delivery.state !== "failed") return nothing;
  const { commandId, error } = delivery;
  // These would be refused again as they are.
  const mustChange = error.code === "too-large" || error.code === "refused";
  return html`<div class="failure" part="failure">
    <span dir="auto">${words.failed} ${reasonOf(error, words)}</span>
    <button class="text-button" @click=${raise(mustChange ? { type: "rewrite", message, commandId } : { type: "retry", commandId })}>${mustChange ? words.edit : words.retry}</button>
    <button class="text-button" @click=${raise({ type: "discard", commandId })}>${words.discard}</button>
  </div>`;
}
