import type { ChatClient } from "@chat-widget/client";
import { html, LitElement, nothing, type PropertyValues, unsafeCSS } from "lit";
import { ChatController } from "./chat-controller.js";
import { Announcer } from "./elements/announcer.js";
import { Composer } from "./elements/composer.js";
import { defineElement } from "./elements/define-element.js";
import { DialogKeeper } from "./elements/dialog-keeper.js";
import { MessageList } from "./elements/message-list.js";
import type { Translation } from "./i18n/translation.js";
import { Words } from "./i18n/words.js";
import { type Intent, IntentEvent } from "./intents.js";
import { launcher } from "./parts/launcher.js";
import { panel } from "./parts/panel.js";
import { type ChatState, sameOr, type View } from "./parts/view.js";
import { Reporter } from "./reporter.js";
import { composerStyles } from "./styles/composer.styles.js";
import { launcherStyles } from "./styles/launcher.styles.js";
import { listStyles } from "./styles/list.styles.js";
import { panelStyles } from "./styles/panel.styles.js";
import { tokens } from "./styles/tokens.js";
import { Writer } from "./writer.js";

/** DOC */
export class ChatWidget extends LitElement {
  static override styles = unsafeCSS(tokens + launcherStyles + panelStyles + listStyles + composerStyles);

  static override properties = {
    room: { useDefault: true },
    server: {},
    mode: { reflect: true, useDefault: true },
    open: { type: Boolean, reflect: true },
    heading: {},
    theme: { reflect: true, useDefault: true },
    position: { reflect: true, useDefault: true },
    userName: { attribute: "user-name" },
    lang: { reflect: true },
    getToken: { attribute: false },
    client: { attribute: false },
    translation: { attribute: false },
  };

  /** The room to open. */
  declare room: string;
  /** Where the chat is mounted on the server; an http or https URL, relative to the page. */
  declare server: string | null | undefined;
  /** `launcher`: a button in the corner that opens a panel. `inline`: the panel, in the element's own box. */
  declare mode: "launcher" | "inline";
  /** Whether the panel is open; says nothing in inline mode. */
  declare open: boolean;
  /** What the chat is called. */
  declare heading: string | null | undefined;
  /** `auto` follows the page's `color-scheme`. */
  declare theme: "auto" | "light" | "dark";
  /** The corner of the launcher, in the direction of the text. */
  declare position: "start" | "end";
  /** What a guest would like to be called. */
  declare userName: string | null | undefined;
  /** Gives the token the server's `authenticate` is shown. */
  declare getToken: (() => string | Promise<string>) | undefined;
  /** A client of the page's own, shared or prepared; `server`, `user-name` and `getToken` then say nothing. */
  declare client: ChatClient | undefined;
  /** Words in place of the widget's own. */
  declare translation: Partial<Translation> | undefined;

  readonly #chat = new ChatController(this, (previous, next) => this.#onChange(previous, next));
  readonly #announcer = new Announcer(this);
  readonly #words = new Words(this);
  readonly #reporter = new Reporter(this, this.#announcer);
  readonly #writer = new Writer(this.#chat, this.#reporter);
  readonly #dialog = new DialogKeeper(this, () => this.#focusInside(), () => this.#launcher?.focus());
  readonly #internals = this.attachInternals?.();
  readonly #seen = typeof IntersectionObserver === "undefined" ? undefined : new IntersectionObserver((entries) => this.#onSeen(entries), { rootMargin: "200px" });
  #isStarted = false;
  #isRenaming = false;
  #view: View | undefined;
  #unreadFrom: string | undefined;

  constructor() {
    super();
    this.room = "lobby";
    this.mode = "launcher";
    this.open = false;
    this.theme = "auto";
    this.position = "end";
    defineElement("chat-widget-list", MessageList);
    defineElement("chat-widget-composer", Composer);
  }

  /** Opens the panel and takes the focus there. */
  show(): void {
    this.#dialog.takeFocus();
    this.open = true;
  }

  /** Closes the panel; the focus goes back to the launcher. */
  close(): void {
    this.open = false;
  }

  toggle(): void {
    if (this.open) this.close();
    else this.show();
  }

  /** Puts the focus where a visitor goes on: into the box, or on the launcher of a closed panel. */
  override focus(options?: FocusOptions): void {
    if (this.open || this.mode === "inline") this.#focusInside();
    else this.#launcher?.focus(options);
  }

  /** Sends a message as if the visitor had written it. Gives false when a listener of `chat-before-send` prevented it, or nothing is open. */
  send(text: string): boolean {
    return this.#written(this.#writer.send(text));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#readIfSeen);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#readIfSeen);
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    root.replaceChildren(); // the loader may have put its launcher there
    root.addEventListener("chat-intent", (event) => {
      if (event instanceof IntentEvent && !this.#grant(event.intent)) event.preventDefault();
    });
    return root;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.#isStarted ||= this.open;
    if (this.#isStarted) {
      const { server, room, client, userName, getToken } = this;
      this.#chat.want({ server, room, client, guestName: userName ?? undefined, getToken: getToken && (() => (this.getToken ?? getToken)()) });
    }
    if (changed.has("open") && !this.open) this.#unreadFrom = undefined;
    const { state } = this.#chat;
    this.#words.follow();
    const { words, lang } = this.#words;
    const permissions = state?.room.permissions ?? [];
    this.#view = sameOr(this.#view, { words, lang, user: state?.client.user, permissions, nameOf: this.#chat.nameOf });
  }

  protected override render() {
    const view = this.#view;
    if (view === undefined) return nothing;
    const { state, problem } = this.#chat;
    const isInline = this.mode === "inline";
    const heading = this.heading ?? view.words.chat;
    const model = { heading, canClose: !isInline, problem, notice: this.#announcer.notice, target: this.#writer.target, unreadFrom: this.#unreadFrom, isRenaming: this.#isRenaming };
    const content = this.#isStarted ? panel(model, state, view) : nothing;
    return html`${isInline
      ? html`<section class="panel" part="panel" aria-label=${heading}>${content}</section>`
      : html`<dialog class="panel" part="panel" aria-label=${heading} @close=${this.#onClose} @keydown=${this.#onKeyDown}>${content}</dialog>
          ${launcher(this.open, state?.room.unreadCount ?? 0, view)}`}${this.#announcer.render()}`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("open") && (this.open || changed.get("open") === true)) this.#reporter.tell(this.open ? "chat-open" : "chat-close", undefined);
    this.#reporter.reportProblems(this.#chat.problem);
    this.#readIfSeen();
    if (this.mode === "inline" && !this.#isStarted) this.#seen?.observe(this);
  }

  get #launcher(): HTMLElement | null {
    return this.renderRoot.querySelector(".launcher");
  }

  get #list(): MessageList | null {
    return this.renderRoot.querySelector("chat-widget-list");
  }

  /** Does what was wished for; false when it was not granted. */
  #grant(intent: Intent): boolean {
    switch (intent.type) {
      case "submit":
        if (!this.#written(this.#writer.submit(intent.text))) return false;
        break;
      case "reply":
      case "edit":
        this.#writer.target = { kind: intent.type, message: intent.message };
        break;
      case "edit-last":
        this.#writer.editLast();
        break;
      case "cancel-target":
        this.#writer.target = undefined;
        break;
      case "read":
        this.#readIfSeen();
        break;
      case "rename-open":
        void import("./elements/rename-form.js").then(({ defineRenameForm }) => defineRenameForm());
        this.#isRenaming = true;
        break;
      case "say":
        this.#announcer.show(intent.text);
        break;
      case "restart":
        this.#reporter.forgetProblems();
        this.#chat.restart();
        break;
      case "close":
        this.close();
        break;
      case "toggle":
        this.toggle();
        break;
      default:
        if (intent.type === "rename") this.#isRenaming = false;
        this.#attempt(this.#chat.ask(intent));
    }
    this.requestUpdate();
    return true;
  }

  #written(outcome: Promise<unknown> | boolean): boolean {
    if (outcome instanceof Promise) this.#attempt(outcome);
    if (outcome !== true) return outcome !== false;
    this.#unreadFrom = undefined;
    this.#list?.scrollToEnd();
    return true;
  }

  #attempt(asked: Promise<unknown> | undefined): void {
    asked?.catch((cause: unknown) => this.#reporter.fail(cause, this.#words.words));
  }

  #onChange(previous: ChatState | undefined, next: ChatState): void {
    this.#internals?.states.delete("connected");
    if (next.client.status === "online") this.#internals?.states.add("connected");
    if (this.#unreadFrom === undefined && (previous?.room.phase !== "ready" || !this.#isSeeing)) this.#unreadFrom = next.room.firstUnreadId;
    this.#reporter.report(previous, next, this.#isOpen ? this.#words.words : undefined);
  }

  get #isOpen(): boolean {
    return this.open || this.mode === "inline";
  }

  /** Whether the newest message is before the visitor's eyes. */
  get #isSeeing(): boolean {
    return this.#isOpen && document.visibilityState === "visible" && this.#list?.hasUpdated === true && this.#list.isAtEnd;
  }

  readonly #readIfSeen = (): void => {
    const { room, state } = this.#chat;
    if (this.#isSeeing && state !== undefined && state.room.unreadCount > 0) room?.markRead();
  };

  #focusInside(): void {
    const composer = this.renderRoot.querySelector("chat-widget-composer");
    const heading = this.renderRoot.querySelector<HTMLElement>(".heading");
    // On a touch screen the box would bring up the keyboard over a conversation nobody has read yet.
    if (composer === null || matchMedia("(pointer: coarse)").matches) heading?.focus();
    else void composer.updateComplete.then(() => composer.focus());
  }

  #onSeen(entries: readonly IntersectionObserverEntry[]): void {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    this.#seen?.disconnect();
    this.#isStarted = true;
    this.requestUpdate();
  }

  /** The browser closed it; it may be open again by now, in another way. */
  #onClose({ target }: Event): void {
    if (target instanceof HTMLDialogElement && !target.open) this.close();
  }

  #onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    this.close();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "chat-widget": ChatWidget;
  }
}
