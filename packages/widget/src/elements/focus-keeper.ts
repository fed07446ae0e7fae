/** Finds a place for the focus when what had it is taken away: on the message it was in, in the box, or where one goes on. */
export class FocusKeeper {
  readonly #host: HTMLElement;
  #focused: Element | undefined;
  /** The part of the widget that knows where its focus belongs. */
  #area: HTMLElement | undefined;

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  watch(root: HTMLElement | DocumentFragment): void {
    root.addEventListener("focusin", ({ target }) => {
      this.#focused = target instanceof Element ? target : undefined;
      this.#area = this.#focused?.closest<HTMLElement>("chat-widget-list, chat-widget-composer") ?? undefined;
    });
    root.addEventListener("focusout", () => {
      // Who goes elsewhere is not called back; what goes away by itself is gone by then.
      queueMicrotask(() => {
        if (this.#focused?.isConnected === true && !this.#focused.matches(":focus")) this.#focused = undefined;
      });
    });
    new MutationObserver(() => this.#mend()).observe(root, { childList: true, subtree: true });
  }

  #mend(): void {
    if (this.#focused === undefined || this.#focused.isConnected) return;
    this.#focused = undefined;
    // What comes in its place may want it, and knows better.
    setTimeout(() => this.#place());
  }

  #place(): void {
    if (!this.#host.isConnected) return;
    if (document.activeElement !== null && document.activeElement !== document.body) return;
    (this.#area?.isConnected === true ? this.#area : this.#host).focus();
  }
}
