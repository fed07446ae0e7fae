import type { ChatClient, ClientStorage } from "@chat-widget/client";
import { html, LitElement, nothing, type PropertyValues, unsafeCSS } from "lit";
import { ChatController } from "./chat-controller.js";
import { Announcer } from "./elements/announcer.js";
import { Composer } from "./elements/composer.js";
import { defineElement } from "./elements/define-element.js";
import { DialogKeeper } from "./elements/dialog-keeper.js";
import { FocusKeeper } from "./elements/focus-keeper.js";
import { MessageList } from "./elements/message-list.js";
import type { Translation } from "./i18n/translation.js";
import { Words } from "./i18n/words.js";
import { Format } from "./format.js";
import { IntentEvent } from "./intents.js";
import { launcher } from "./parts/launcher.js";
import { panel } from "./parts/panel.js";
import { type ChatState, sameOr, type View } from "./parts/view.js";
import { Reader } from "./reader.js";
import { Reporter } from "./reporter.js";
import { composerStyles } from "./styles/composer.styles.js";
import { launcherStyles } from "./styles/launcher.styles.js";
import { listStyles } from "./styles/list.styles.js";
import { panelStyles } from "./styles/panel.styles.js";
import { tokens } from "./styles/tokens.js";
import { IntentHandler } from "./intent-handler.js";
import { Writer } from "./writer.js";

/**
 * A chat on any page: a button in the corner that opens a panel, or the panel itself in the page's flow.
 *
 * Before it is opened it draws its button and nothing else: no connection, no storage, no cookie.
 *
 * @attr {string} [room=lobby] - the room to open
 * @attr {string} server - where the chat is mounted; by default where the script came from, else `/chat`
 * @attr {"launcher" | "inline"} [mode=launcher] - a button in the corner, or the panel in the element's own box
 * @attr {boolean} open - whether the panel is open
 * @attr {string} heading - what the chat is called
 * @attr {"auto" | "light" | "dark"} [theme=auto] - `auto` follows the page's `color-scheme`
 * @attr {"end" | "start"} [position=end] - the corner of the button, in the direction of the text
 * @attr {string} user-name - what a guest would like to be called
 * @attr {string} lang - the language of the words; by default the one of the page around
 *
 * @fires {CustomEvent} chat-open - the panel was opened
 * @fires {CustomEvent} chat-close - the panel was closed
 * @fires {CustomEvent<{ text: string, replyTo?: string }>} chat-before-send - cancelable; the text then stays in the box
 * @fires {CustomEvent<{ message: RoomMessage }>} chat-message-sent - the server has a message of this visitor
 * @fires {CustomEvent<{ message: RoomMessage }>} chat-message-received - somebody else wrote
 * @fires {CustomEvent<{ status: ConnectionStatus }>} chat-status-changed - the connection changed
 * @fires {CustomEvent<{ error: ChatError }>} chat-error - a wrong attribute, a refusal, a message that was not sent
 * @fires {CustomEvent<{ count: number }>} chat-unread-changed - how many messages are unread
 *
 * @slot launcher - the picture on the button
 * @slot empty - stands in a room without messages
 * @slot footer - below the box
 *
 * @csspart launcher - the round button
 * @csspart badge - the number of unread messages on it
 * @csspart panel - everything that opens
 * @csspart header - the top of the panel
 * @csspart heading - what the chat is called
 * @csspart status - how many are here
 * @csspart close - the button that closes
 * @csspart banner - trouble for a while, or a notice
 * @csspart error - what stands where no chat can be
 * @csspart list - the conversation, which scrolls
 * @csspart day - the name of a day
 * @csspart unread-line - the line above what is unread
 * @csspart to-end - the way to the newest message
 * @csspart message - one message with all that hangs on it
 * @csspart avatar - a person's picture or initials
 * @csspart name - an author
 * @csspart bubble - the ground of a message
 * @csspart text - its words
 * @csspart quote - the message it answers
 * @csspart reactions - the emoji under it
 * @csspart reaction - one of them
 * @csspart failure - why it was not sent
 * @csspart actions - the bar over a message
 * @csspart emoji-strip - the emoji to choose from
 * @csspart typing - who is typing
 * @csspart guest - the name a guest was given
 * @csspart composer - the box and its button
 * @csspart input - the box
 * @csspart send - the button
 *
 * @cssproperty --chat-accent - buttons, links, focus; the tint of one's own messages follows it
 * @cssproperty --chat-on-accent - what is drawn on it
 * @cssproperty --chat-surface - the ground of the panel
 * @cssproperty --chat-raised - the ground of menus and notices
 * @cssproperty --chat-text - words
 * @cssproperty --chat-muted - words that matter less
 * @cssproperty --chat-border - lines
 * @cssproperty --chat-bubble - the ground of messages
 * @cssproperty --chat-bubble-own - the ground of one's own messages
 * @cssproperty --chat-danger - what went wrong, and the badge
 * @cssproperty [--chat-font=system-ui, sans-serif] - the typeface; `inherit` takes the page's
 * @cssproperty [--chat-font-size=15px] - the size of messages; 16px on a phone
 * @cssproperty [--chat-radius=18px] - the corners of the panel
 * @cssproperty [--chat-width=384px] - the width of the panel, where there is room
 * @cssproperty [--chat-height=640px] - its height, where there is room; 32rem in the page's flow
 * @cssproperty [--chat-offset=20px] - the distance of the button from the corner
 * @cssproperty [--chat-launcher-size=56px] - the size of the button
 * @cssproperty [--chat-z-index=1000] - the layer of button and panel
 *
 * @cssstate connected - while the connection stands
 */
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
    storage: { attribute: false },
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
  /** Where unsent messages and a guest's identity are kept, such as `storageByConsent()`; by default in the browser. To be set before the chat is opened. */
  declare storage: ClientStorage | undefined;
  /** A client of the page's own, shared or prepared; `server`, `user-name` and `getToken` then say nothing. */
  declare client: ChatClient | undefined;
  /** Words in place of the widget's own. */
  declare translation: Partial<Translation> | undefined;

  readonly #chat = new ChatController(this, (previous, next) => this.#onChange(previous, next));
  readonly #announcer = new Announcer(this);
  readonly #words = new Words(this);
  readonly #format = new Format(this);
  readonly #reporter = new Reporter(this, this.#announcer, this.#format);
  readonly #reader = new Reader(this, this.#chat);
  readonly #writer = new Writer(this.#chat, this.#reporter);
  readonly #intents = new IntentHandler(this, { chat: this.#chat, writer: this.#writer, reader: this.#reader, reporter: this.#reporter, announcer: this.#announcer, words: this.#words });
  readonly #dialog = new DialogKeeper(this, () => this.#focusInside(), () => this.#launcher?.focus());
  readonly #internals = this.attachInternals?.();
  readonly #seen = typeof IntersectionObserver === "undefined" ? undefined : new IntersectionObserver((entries) => this.#onSeen(entries), { rootMargin: "200px" });
  #isStarted = false;
  #view: View | undefined;

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
    if (this.isShown) this.#focusInside();
    else this.#launcher?.focus(options);
  }

  /** Whether the conversation is on the screen, as far as the element can say. @internal */
  get isShown(): boolean {
    return this.open || this.mode === "inline";
  }

  /** Sends a message as if the visitor had written it. Gives false when it has no words or too many, a listener of `chat-before-send` prevented it, or nothing is open. */
  send(text: string): boolean {
    return this.#intents.written(this.#writer.send(text));
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    this.shadowRoot?.replaceChildren(); // the loader may have put its launcher there
    const root = super.createRenderRoot();
    new FocusKeeper(this).watch(root);
    root.addEventListener("chat-intent", (event) => {
      if (event instanceof IntentEvent && !this.#intents.handle(event.intent)) event.preventDefault();
    });
    return root;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("room")) this.#writer.target = undefined;
    if (changed.has("room") || (changed.has("open") && !this.open)) this.#reader.unreadFrom = undefined;
    this.#isStarted ||= this.open;
    if (this.#isStarted) {
      const { server, room, client, userName, getToken, storage } = this;
      this.#chat.want({ server, room, client, guestName: userName ?? undefined, storage, getToken: getToken && (() => (this.getToken ?? getToken)()) });
    }
    const { state } = this.#chat;
    this.#words.follow();
    this.#format.follow(state?.room.messages);
    const { words, lang } = this.#words;
    const permissions = state?.room.permissions ?? [];
    this.#view = sameOr(this.#view, { words, lang, user: state?.client.user, permissions, nameOf: this.#chat.nameOf, format: this.#format.current });
  }

  protected override render() {
    const view = this.#view;
    if (view === undefined) return nothing;
    const { state, problem } = this.#chat;
    const isInline = this.mode === "inline";
    const heading = this.heading || view.words.chat;
    const model = { heading, canClose: !isInline, problem, notice: this.#announcer.notice, roomId: this.room, drafts: this.#writer.drafts, target: this.#writer.target, unreadFrom: this.#reader.unreadFrom, isRenaming: this.#intents.isRenaming };
    // What is outside a modal dialog is not read aloud.
    const content = html`${this.#isStarted ? panel(model, state, view) : nothing}${this.#announcer.render()}`;
    return html`${isInline
      ? html`<section class="panel" part="panel" aria-label=${heading}>${content}</section>`
      : html`<dialog class="panel" part="panel" aria-label=${heading} @close=${this.#onClose} @keydown=${this.#onKeyDown}>${content}</dialog>
          ${launcher(this.open, state?.room.unreadCount ?? 0, view)}`}`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("open") && (this.open || changed.get("open") === true)) this.#reporter.tell(this.open ? "chat-open" : "chat-close", undefined);
    this.#reporter.reportProblems(this.#chat.problem);
    if (this.mode === "inline" && !this.#isStarted) this.#seen?.observe(this);
  }

  get #launcher(): HTMLElement | null {
    return this.renderRoot.querySelector(".launcher");
  }

  #onChange(previous: ChatState | undefined, next: ChatState): void {
    this.#internals?.states.delete("connected");
    if (next.client.status === "online") this.#internals?.states.add("connected");
    this.#reader.follow(previous, next);
    this.#reporter.report(previous, next, this.isShown ? this.#words.words : undefined);
  }

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
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    event.preventDefault();
    this.close();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "chat-widget": ChatWidget;
  }
}
