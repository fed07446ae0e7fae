import type { RoomMessage } from "@chat-widget/client";
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { type Intent, IntentEvent } from "../intents.js";
import { drawing } from "../parts/icon.js";
import { adoptLate, styleSheet } from "../parts/style-sheet.js";
import type { View } from "../parts/view.js";
import { messageActionsStyles } from "../styles/message-actions.styles.js";
import { isEmojiOnly, quickEmoji } from "../text/emoji.js";
import { defineElement } from "./define-element.js";

const strokes = {
  react: "M20.5 12.5A8.5 8.5 0 1 1 12 3.5M8.5 14.5c1.6 2.4 5.4 2.4 7 0M9 9.5h.01M15 9.5h.01M19 2.5v6M16 5.5h6",
  reply: "M9 7 4 12l5 5M4 12h9a7 7 0 0 1 7 7",
  more: "M5 12a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0M11.5 12a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0M18 12a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0",
  copy: "M9 9h10.5v11.5H9zM5.5 15H4.5V3.5H15V5",
  edit: "M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5",
  delete: "M4.5 6.5h15M9.5 6V3.5h5V6M6.5 6.5l1 14h9l1-14M10.5 10.5v6M13.5 10.5v6",
} as const;

/** What is open of it; the bar always is. */
type Opened = "bar" | "emoji" | "menu" | "delete";

let sheet: CSSStyleSheet | undefined;

/** Registers the element; its code is fetched when a message is first pointed at. */
export function defineMessageActions(): void {
  defineElement("chat-widget-actions", MessageActions);
}

/** What one can do with a message: a bar with the usual, an emoji strip, a menu with the rest. */
export class MessageActions extends LitElement {
  static override properties = { message: { attribute: false }, view: { attribute: false } };

  declare message: RoomMessage;
  declare view: View;

  #open: Opened = "bar";
  /** While one thing gives way to another the focus has no place for a moment, which must not close it all. */
  #isChanging = false;

  override connectedCallback(): void {
    super.connectedCallback();
    adoptLate(this, (sheet ??= styleSheet(messageActionsStyles)));
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    const { permissions, words } = this.view;
    return html`<div @keydown=${this.#onKeyDown} @focusout=${this.#onFocusOut}>
      ${this.#open === "emoji"
        ? this.#strip()
        : html`<div class="bar" part="actions" role="group" aria-label=${words.actions}>
            ${permissions.includes("react") ? this.#button(words.react, "react", () => this.#show("emoji")) : nothing}
            ${permissions.includes("send") ? this.#button(words.reply, "reply", () => this.#want({ type: "reply", message: this.message })) : nothing}
            <button class="icon" aria-label=${words.actions} title=${words.actions} aria-haspopup="menu" aria-expanded=${this.#open !== "bar"} @click=${() => this.#show(this.#open === "bar" ? "menu" : "bar")}>
              ${drawing(strokes.more)}
            </button>
          </div>`}
      ${this.#open === "menu" ? this.#menu() : this.#open === "delete" ? this.#question() : nothing}
    </div>`;
  }

  #strip() {
    const { words, user } = this.view;
    const mine = new Set(this.message.reactions.filter(({ userIds }) => user !== undefined && userIds.includes(user.id)).map(({ emoji }) => emoji));
    return html`<div class="bar" part="emoji-strip" role="group" aria-label=${words.react}>
      ${quickEmoji.map((emoji) => html`<button class="icon emoji" aria-pressed=${mine.has(emoji)} @click=${() => this.#react(emoji, !mine.has(emoji))}>${emoji}</button>`)}
      <input class="any" aria-label=${words.anyEmoji} title=${words.anyEmoji} placeholder="+" maxlength="32" autocomplete="off" @input=${this.#onAnyEmoji} />
    </div>`;
  }

  #menu() {
    const { message, view } = this;
    const { words, permissions } = view;
    const mayDelete = permissions.includes("delete-any") || (message.isMine && permissions.includes("delete-own"));
    return html`<div class="menu" role="menu" aria-label=${words.actions}>
      ${"clipboard" in navigator ? this.#entry(words.copy, "copy", () => void this.#copy()) : nothing}
      ${message.isMine && permissions.includes("edit-own") ? this.#entry(words.edit, "edit", () => this.#want({ type: "edit", message })) : nothing}
      ${mayDelete ? this.#entry(words.delete, "delete", () => this.#show("delete")) : nothing}
    </div>`;
  }

  #question() {
    const { words } = this.view;
    return html`<div class="menu" role="alertdialog" aria-label=${words.deleteQuestion}>
      <p>${words.deleteQuestion}</p>
      ${this.#entry(words.delete, "delete", () => this.#want({ type: "delete", messageId: this.message.id }), "button")}
      <button class="entry" @click=${() => this.#show("bar")}>${words.cancel}</button>
    </div>`;
  }

  #button(label: string, name: keyof typeof strokes, run: () => void) {
    return html`<button class="icon" aria-label=${label} title=${label} @click=${run}>${drawing(strokes[name])}</button>`;
  }

  #entry(label: string, name: keyof typeof strokes, run: () => void, role = "menuitem") {
    return html`<button class="entry ${name === "delete" ? "danger" : ""}" role=${role} @click=${run}>${drawing(strokes[name])}${label}</button>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("message") && changed.get("message")?.id !== undefined && changed.get("message")?.id !== this.message.id) this.#show("bar");
  }

  /** Opens one of them, puts the focus where one goes on, and keeps the menu inside the list. */
  #show(what: Opened): void {
    this.#open = what;
    this.#isChanging = true;
    this.toggleAttribute("data-open", true);
    this.requestUpdate();
    void this.#arrange();
  }

  async #arrange(): Promise<void> {
    await this.updateComplete;
    const menu = this.querySelector<HTMLElement>(".menu");
    const bounds = this.closest(".scroller")?.getBoundingClientRect();
    if (menu !== null && bounds !== undefined) menu.classList.toggle("above", menu.getBoundingClientRect().bottom > bounds.bottom);
    const goesOn = { bar: ".icon:last-child", emoji: ".emoji", menu: ".entry", delete: ".entry:last-child" }[this.#open];
    this.querySelector<HTMLElement>(goesOn)?.focus();
    this.#isChanging = false;
    this.toggleAttribute("data-open", this.#open !== "bar");
  }

  #want(intent: Intent): void {
    this.#close();
    this.dispatchEvent(new IntentEvent(intent));
  }

  #close(): void {
    this.#open = "bar";
    this.removeAttribute("data-open");
    this.closest<HTMLElement>(".item")?.focus();
    this.requestUpdate();
  }

  #react(emoji: string, on: boolean): void {
    this.#want({ type: "react", messageId: this.message.id, emoji, on });
  }

  #onAnyEmoji({ currentTarget }: Event): void {
    if (!(currentTarget instanceof HTMLInputElement)) return;
    const emoji = currentTarget.value.trim();
    if (isEmojiOnly(emoji)) this.#react(emoji, true);
  }

  async #copy(): Promise<void> {
    const { words } = this.view;
    const isCopied = await navigator.clipboard.writeText(this.message.text).then(() => true, () => false);
    this.#want({ type: "say", text: isCopied ? words.copied : words.errors.internal });
  }

  #onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.#open !== "bar") {
      event.preventDefault();
      event.stopPropagation();
      return this.#show("bar");
    }
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step === undefined || this.#open === "bar" || event.target instanceof HTMLInputElement) return;
    const stops = [...this.querySelectorAll<HTMLElement>(this.#open === "emoji" ? ".emoji, .any" : ".entry")];
    const index = stops.findIndex((stop) => stop === event.target);
    event.preventDefault();
    stops.at((index + step) % stops.length)?.focus();
  }

  #onFocusOut({ relatedTarget }: FocusEvent): void {
    if (this.#isChanging || this.#open === "bar" || (relatedTarget instanceof Node && this.contains(relatedTarget))) return;
    this.#open = "bar";
    this.removeAttribute("data-open");
    this.requestUpdate();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "chat-widget-actions": MessageActions;
  }
}
