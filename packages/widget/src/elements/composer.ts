import { html, LitElement, nothing, type PropertyValues } from "lit";
import { type Intent, IntentEvent, raise } from "../intents.js";
import { icon } from "../parts/icon.js";
import type { Target } from "../parts/panel.js";
import type { View } from "../parts/view.js";
import { byteLength } from "../text/byte-length.js";
import { isolated } from "../text/person.js";

/** How many bytes before the limit one is told. */
const warnBytes = 200;

/** The box one writes in. What is in it stays over closing, moving and being edited. Draws into the widget's own shadow root. */
export class Composer extends LitElement {
  static override properties = { view: { attribute: false }, target: { attribute: false }, roomId: { attribute: false }, drafts: { attribute: false }, textBytes: { attribute: false }, canSend: { attribute: false } };

  declare view: View;
  declare target: Target | undefined;
  declare roomId: string;
  /** What stands in the box of each room; outlives this element. */
  declare drafts: Map<string, string>;
  declare textBytes: number;
  declare canSend: boolean;

  #text = "";
  #isTyping = false;

  get #box(): HTMLTextAreaElement | null {
    return this.querySelector("textarea");
  }

  override focus(): void {
    this.#box?.focus();
  }

  /** Puts words into the box, below those that are in it. */
  write(text: string): void {
    this.#put(this.#text === "" ? text : `${this.#text}\n${text}`);
    this.focus();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("target") && !changed.has("roomId")) return;
    if (this.target?.kind === "edit") this.#text = this.target.text ?? this.target.message.text;
    else if (changed.has("roomId") || changed.get("target")?.kind === "edit") this.#text = this.drafts.get(this.roomId) ?? "";
  }

  protected override render() {
    const { view, target } = this;
    const { words } = view;
    if (!this.canSend) return html`<p class="cannot">${words.cannotSend}</p>`;
    const left = this.textBytes - byteLength(this.#text);
    const label = target?.kind === "edit" ? words.save : words.send;
    return html`<form class="field" part="composer" @submit=${this.#onSubmit} @keydown=${this.#onKeyDown}>
      ${target === undefined ? nothing : this.#about(target)}
      <textarea
        part="input"
        rows="1"
        dir=${this.#text === "" ? nothing : "auto"}
        enterkeyhint="send"
        aria-label=${words.write}
        aria-invalid=${left < 0}
        placeholder=${words.write}
        .value=${this.#text}
        @input=${this.#onInput}
        @blur=${() => this.#typing(false)}
      ></textarea>
      <button class="icon send" part="send" aria-label=${label} title=${label} aria-disabled=${left < 0 || this.#text.trim() === ""}>${icon("send")}</button>
      ${left > warnBytes ? nothing : html`<div class="count" dir="auto" ?data-over=${left < 0}>${left < 0 ? words.tooLong(-left) : words.left(left)}</div>`}
    </form>`;
  }

  #about({ kind, message }: Target) {
    const { words } = this.view;
    const title = kind === "edit" ? words.editing : message.isMine ? words.replyingToSelf : words.replyingTo(isolated(message.author.name));
    return html`<div class="target">
      <div class="quote" part="quote"><span dir="auto">${title}</span>${kind === "edit" ? nothing : html`<span dir="auto">${message.text}</span>`}</div>
      <button type="button" class="icon" aria-label=${words.cancel} title=${words.cancel} @click=${raise({ type: "cancel-target" })}>${icon("close")}</button>
    </div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const box = this.#box;
    // Hidden, it has no height to go by.
    if (box === null || box.clientWidth === 0) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
    if (changed.has("target") && this.target !== undefined) {
      box.focus();
      box.setSelectionRange(box.value.length, box.value.length);
    }
  }

  #onInput(): void {
    this.#put(this.#box?.value ?? "");
    this.#typing(this.#text.trim() !== "");
  }

  #onKeyDown(event: KeyboardEvent): void {
    // Enter that ends a composition (Japanese, Chinese, Korean) chooses a word; Safari reports it with key code 229 only.
    if (event.isComposing || event.keyCode === 229) return;
    const isInBox = event.target === this.#box;
    if (event.key === "Enter" && !event.shiftKey && isInBox) this.#onSubmit(event);
    else if (event.key === "Escape" && this.target !== undefined) this.#want(event, { type: "cancel-target" });
    else if (event.key === "ArrowUp" && this.#text === "" && isInBox) this.#want(event, { type: "edit-last" });
  }

  #onSubmit(event: Event): void {
    event.preventDefault();
    // The first line may be indented.
    const text = this.#text.replace(/^\s*\n|\s+$/gu, "");
    if (text === "" || byteLength(text) > this.textBytes) return;
    const wasEditing = this.target?.kind === "edit";
    if (!this.dispatchEvent(new IntentEvent({ type: "submit", text }))) return;
    if (!wasEditing) this.#put("");
    this.#typing(false);
    this.#box?.focus();
  }

  #put(text: string): void {
    this.#text = text;
    if (this.target?.kind !== "edit") this.drafts.set(this.roomId, text);
    this.requestUpdate();
  }

  #want(event: Event, intent: Intent): void {
    event.preventDefault();
    event.stopPropagation();
    this.dispatchEvent(new IntentEvent(intent));
  }

  #typing(isTyping: boolean): void {
    if (!isTyping && !this.#isTyping) return;
    this.#isTyping = isTyping;
    this.dispatchEvent(new IntentEvent({ type: "typing", isTyping }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "chat-widget-composer": Composer;
  }
}
