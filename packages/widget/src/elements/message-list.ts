import type { RoomMessage, RoomSnapshot } from "@chat-widget/client";
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import { IntentEvent, raise } from "../intents.js";
import { icon } from "../parts/icon.js";
import { messageRow } from "../parts/message.js";
import type { View } from "../parts/view.js";
import { type Row, rowsOf } from "../text/rows.js";
import { ScrollKeeper } from "./scroll-keeper.js";

/** The conversation, newest in view. Draws into the widget's own shadow root. */
export class MessageList extends LitElement {
  static override properties = { room: { attribute: false }, view: { attribute: false }, unreadFrom: { attribute: false }, isOnline: { attribute: false } };

  declare room: RoomSnapshot;
  declare view: View;
  /** The message above which the line of the unread is drawn. */
  declare unreadFrom: string | undefined;
  /** Whether the server can be asked. */
  declare isOnline: boolean;

  readonly #keeper = new ScrollKeeper(this, () => this.querySelector(".scroller"));
  readonly #arrived = new Set<string>();
  #lastId: string | undefined;
  /** Whether it was said that the actions cannot be fetched; once is enough. */
  #hasComplained = false;
  #currentId: string | undefined;
  #hoveredId: string | undefined;
  #wasAtEnd = true;
  /** Whether what is before the first message was asked for. When it does not come, it is asked for again by hand only, or on another connection. */
  #isOlderAsked = false;

  get isAtEnd(): boolean {
    return this.#keeper.isAtEnd;
  }

  scrollToEnd(): void {
    this.#keeper.toEnd();
  }

  /** Puts the focus on the message that had it last, or the newest. */
  override focus(): void {
    this.#item(this.#currentId)?.focus();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { messages } = this.room;
    if (changed.has("isOnline") || (changed.has("room") && changed.get("room")?.messages[0]?.id !== messages[0]?.id)) this.#isOlderAsked = false;
    if (!changed.has("room") || messages.length === 0) return;
    const known = messages.findIndex(({ id }) => id === this.#lastId);
    if (known >= 0) for (const { id } of messages.slice(known + 1)) this.#arrived.add(id);
    this.#lastId = messages.at(-1)?.id;
    if (!messages.some(({ id }) => id === this.#currentId)) this.#currentId = this.#lastId;
  }

  protected override render() {
    const { room, view, unreadFrom } = this;
    const { words } = view;
    const rows = rowsOf(room.messages, unreadFrom);
    const ids = new Set(room.messages.map(({ id }) => id));
    return html`<div class="scroller" part="list" @scroll=${this.#onScroll}>
        <div
          class="feed"
          role="feed"
          aria-label=${words.messages}
          aria-busy=${room.isLoadingOlder}
          @keydown=${this.#onKeyDown}
          @focusin=${this.#onFocusIn}
          @focusout=${this.#onFocusOut}
          @pointerover=${this.#onPointerOver}
          @pointerleave=${this.#onPointerLeave}
          @click=${this.#onClick}
        >
          ${room.hasOlder ? this.#older() : nothing}${repeat(rows, ({ message }) => message.id, (row) => this.#row(row, ids))}
        </div>
      </div>
      ${this.#keeper.isAtEnd ? nothing : this.#toEnd()}`;
  }

  #older() {
    const { words } = this.view;
    if (this.room.isLoadingOlder) return html`<div class="older">${words.loadingOlder}</div>`;
    if (!this.#isOlderAsked) return nothing;
    return html`<div class="older" dir="auto">${words.olderMissing} <button class="text-button" @click=${raise({ type: "load-older" })}>${words.retry}</button></div>`;
  }

  #row(row: Row, ids: ReadonlySet<string>) {
    const { message, startsDay, startsUnread, startsGroup, endsGroup } = row;
    const now = Date.now();
    const isCurrent = message.id === this.#currentId;
    const isActive = message.id === this.#hoveredId && message.delivery.state === "sent" && message.deletedAt === undefined;
    const day = startsDay && new Date(now).toDateString();
    const canJump = message.replyTo !== undefined && ids.has(message.replyTo);
    return guard([message, this.view, day, startsUnread, startsGroup, endsGroup, isCurrent, isActive, canJump], () =>
      messageRow(row, this.view, {
        isCurrent,
        canJump,
        isNew: this.#arrived.has(message.id),
        actions: isActive ? html`<chat-widget-actions .message=${message} .view=${this.view}></chat-widget-actions>` : nothing,
        now,
      }),
    );
  }

  #toEnd() {
    const { words } = this.view;
    const count = this.room.unreadCount;
    return html`<button class="to-end ${count === 0 ? "bare" : ""}" part="to-end" aria-label=${count === 0 ? words.toNewest : nothing} @click=${this.scrollToEnd}>
      ${icon("down")}${count > 0 ? words.newMessages(count) : nothing}
    </button>`;
  }

  protected override firstUpdated(): void {
    this.querySelector(".unread-line")?.scrollIntoView({ block: "center" });
    this.#keeper.moved();
  }

  protected override updated(): void {
    if (this.isAtEnd && this.room.unreadCount > 0) this.dispatchEvent(new IntentEvent({ type: "read" }));
    this.#wantOlder();
  }

  #wantOlder(): void {
    const { hasOlder, isLoadingOlder } = this.room;
    if (!hasOlder || isLoadingOlder || !this.isOnline || this.#isOlderAsked || !this.#keeper.isNearStart) return;
    this.#isOlderAsked = true;
    this.dispatchEvent(new IntentEvent({ type: "load-older" }));
  }

  #onScroll(): void {
    this.#keeper.moved();
    this.#wantOlder();
    if (this.isAtEnd === this.#wasAtEnd) return;
    this.#wasAtEnd = this.isAtEnd;
    if (this.isAtEnd) this.dispatchEvent(new IntentEvent({ type: "read" }));
    this.requestUpdate();
  }

  #itemOf(target: EventTarget | null): HTMLElement | null {
    return target instanceof Element ? target.closest<HTMLElement>(".item") : null;
  }

  #item(id: string | undefined): HTMLElement | undefined {
    return [...this.querySelectorAll<HTMLElement>(".item")].find(({ dataset }) => dataset["id"] === id);
  }

  #onFocusIn({ target }: FocusEvent): void {
    const id = this.#itemOf(target)?.dataset["id"];
    if (id === undefined) return;
    this.#currentId = id;
    this.#offerActions(id);
  }

  #onFocusOut({ relatedTarget }: FocusEvent): void {
    if (relatedTarget instanceof Node && this.contains(relatedTarget)) return;
    this.#offerActions(undefined);
  }

  #onPointerOver({ target, pointerType }: PointerEvent): void {
    const id = this.#itemOf(target)?.dataset["id"];
    if (pointerType !== "touch" && id !== undefined) this.#offerActions(id);
  }

  #onPointerLeave(): void {
    this.#offerActions(this.#itemOf(this.querySelector(".item:focus-within"))?.dataset["id"]);
  }

  #offerActions(id: string | undefined): void {
    // An open menu stays where it is, whatever the pointer passes over and while the focus moves about in it.
    if (this.querySelector("chat-widget-actions[data-open]") !== null) return this.requestUpdate();
    if (id !== undefined) {
      import("./message-actions.js").then(
        ({ defineMessageActions }) => defineMessageActions(),
        (cause: unknown) => this.#hasComplained || (this.#hasComplained = this.dispatchEvent(new IntentEvent({ type: "fail", cause }))),
      );
    }
    this.#hoveredId = id;
    this.requestUpdate();
  }

  #onKeyDown(event: KeyboardEvent): void {
    if (!(event.target instanceof HTMLElement) || !event.target.matches(".item")) return;
    const { messages } = this.room;
    const index = messages.findIndex(({ id }) => id === this.#currentId);
    const next: Partial<Record<string, RoomMessage>> = { ArrowUp: messages[index - 1], ArrowDown: messages[index + 1], Home: messages[0], End: messages.at(-1) };
    const message = next[event.key];
    if (message === undefined) return;
    event.preventDefault();
    this.#item(message.id)?.focus();
  }

  #onClick({ target }: Event): void {
    const jump = target instanceof Element ? target.closest<HTMLElement>("[data-jump]")?.dataset["jump"] : undefined;
    const item = jump === undefined ? undefined : this.#item(jump);
    if (item === undefined) return;
    item.scrollIntoView({ block: "center" });
    item.focus({ preventScroll: true });
    item.animate({ backgroundColor: ["var(--_own)", "transparent"] }, 1200);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "chat-widget-list": MessageList;
  }
}
