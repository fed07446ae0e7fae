import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { ChatController } from "./chat-controller.js";
import type { ChatState } from "./parts/view.js";

interface ReaderHost extends ReactiveControllerHost, HTMLElement {
  /** Whether the conversation is on the screen, as far as the element can say. */
  readonly isShown: boolean;
  readonly mode: string;
  readonly renderRoot: HTMLElement | DocumentFragment;
}

/** Knows what the visitor has seen: moves their read position, and remembers where the unread began. */
export class Reader implements ReactiveController {
  readonly #host: ReaderHost;
  readonly #chat: ChatController;
  /** Tells when an inline panel comes into view. */
  #inView: IntersectionObserver | undefined;
  #isInView = false;
  /** The first message that was unread when the visitor came; stays until they leave or write. */
  unreadFrom: string | undefined;

  constructor(host: ReaderHost, chat: ChatController) {
    this.#host = host;
    this.#chat = chat;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener("visibilitychange", this.read);
    this.#inView = new IntersectionObserver((entries) => {
      this.#isInView = entries.at(-1)?.isIntersecting === true;
      this.read();
    });
    this.#inView.observe(this.#host);
  }

  hostDisconnected(): void {
    document.removeEventListener("visibilitychange", this.read);
    this.#inView?.disconnect();
    this.#isInView = false;
  }

  hostUpdated(): void {
    this.read();
  }

  /** Looks where the unread begin, unless they are being read as they come. */
  follow(previous: ChatState | undefined, { room }: ChatState): void {
    if (this.unreadFrom === undefined && (previous?.room.phase !== "ready" || !this.#isSeeing)) this.unreadFrom = room.firstUnreadId;
  }

  /** Tells the server that everything is read, when it is. */
  readonly read = (): void => {
    const { room, state } = this.#chat;
    if (this.#isSeeing && state !== undefined && state.room.unreadCount > 0) room?.markRead();
  };

  get #isSeeing(): boolean {
    const list = this.#host.renderRoot.querySelector("chat-widget-list");
    // A panel of its own lies over the page; one in the page may be scrolled away or hidden with what it is in.
    const isInView = this.#host.mode !== "inline" || (this.#isInView && this.#host.checkVisibility?.({ visibilityProperty: true }) !== false);
    return isInView && this.#host.isShown && document.visibilityState === "visible" && list?.hasUpdated === true && list.isAtEnd;
  }
}
