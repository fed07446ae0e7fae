import { html, LitElement } from "lit";
import { IntentEvent, raise } from "../intents.js";
import { adoptLate, styleSheet } from "../parts/style-sheet.js";
import type { View } from "../parts/view.js";
import { renameFormStyles } from "../styles/rename-form.styles.js";
import { defineElement } from "./define-element.js";

let sheet: CSSStyleSheet | undefined;

/** Registers the element; its code is fetched when a guest wants another name. */
export function defineRenameForm(): void {
  defineElement("chat-widget-rename", RenameForm);
}

/** One line in which a guest says what to be called. */
export class RenameForm extends LitElement {
  static override properties = { view: { attribute: false }, nameLength: { attribute: false } };

  declare view: View;
  declare nameLength: number;

  override connectedCallback(): void {
    super.connectedCallback();
    adoptLate(this, (sheet ??= styleSheet(renameFormStyles)));
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    const { words, user } = this.view;
    return html`<form class="rename" @submit=${this.#onSubmit} @keydown=${this.#onKeyDown}>
      <input aria-label=${words.yourName} autocomplete="nickname" maxlength=${this.nameLength} .value=${user?.name ?? ""} />
      <button class="text-button">${words.save}</button>
      <button class="text-button" type="button" @click=${raise({ type: "rename", name: undefined })}>${words.cancel}</button>
    </form>`;
  }

  protected override firstUpdated(): void {
    const input = this.querySelector("input");
    input?.focus();
    input?.select();
  }

  #onSubmit(event: Event): void {
    event.preventDefault();
    const name = this.querySelector("input")?.value.trim() ?? "";
    this.#rename(name === "" || name === this.view.user?.name ? undefined : name);
  }

  #onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.#rename(undefined);
  }

  #rename(name: string | undefined): void {
    this.dispatchEvent(new IntentEvent({ type: "rename", name }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "chat-widget-rename": RenameForm;
  }
}
