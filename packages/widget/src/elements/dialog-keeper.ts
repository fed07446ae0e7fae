import type { ReactiveController, ReactiveControllerHost } from "lit";

interface DialogHost extends ReactiveControllerHost, HTMLElement {
  open: boolean;
  readonly renderRoot: HTMLElement | DocumentFragment;
}

/** Where this is true the panel takes the whole screen; the styles say the same. */
const phone = "(max-width: 479.98px)";

/** Keeps the panel's `<dialog>` as open as its element says: beside the page where there is room, over it on a phone. */
export class DialogKeeper implements ReactiveController {
  readonly #host: DialogHost;
  readonly #focusInside: () => void;
  readonly #closed: () => void;
  #phone: MediaQueryList | undefined;
  #movesFocus = false;

  /** @param focusInside puts the focus where one goes on @param closed is told after the panel went away */
  constructor(host: DialogHost, focusInside: () => void, closed: () => void) {
    this.#host = host;
    this.#focusInside = focusInside;
    this.#closed = closed;
    host.addController(this);
  }

  get #dialog(): HTMLDialogElement | null {
    return this.#host.renderRoot.querySelector("dialog");
  }

  /** The next opening takes the focus along; one that comes with the page does not. */
  takeFocus(): void {
    this.#movesFocus = true;
  }

  hostConnected(): void {
    this.#phone = matchMedia(phone);
    this.#phone.addEventListener("change", this.#turn);
    visualViewport?.addEventListener("resize", this.#fit);
    visualViewport?.addEventListener("scroll", this.#fit);
  }

  hostDisconnected(): void {
    this.#phone?.removeEventListener("change", this.#turn);
    visualViewport?.removeEventListener("resize", this.#fit);
    visualViewport?.removeEventListener("scroll", this.#fit);
  }

  hostUpdated(): void {
    const dialog = this.#dialog;
    const { open } = this.#host;
    if (dialog === null) return;
    // A modal dialog loses its place over the page when it is moved in the document.
    if (open && dialog.open && this.#phone?.matches === true && !dialog.matches(":modal")) dialog.close();
    if (dialog.open === open) return;
    if (open) this.#show(dialog);
    else this.#hide(dialog);
    this.#movesFocus = true;
  }

  #show(dialog: HTMLDialogElement): void {
    if (this.#phone?.matches === true) dialog.showModal();
    else dialog.open = true; // show() would take the focus even when the panel comes with the page
    this.#fit();
    if (this.#movesFocus) this.#focusInside();
  }

  #hide(dialog: HTMLDialogElement): void {
    const hadFocus = dialog.matches(":focus-within");
    dialog.close();
    if (hadFocus) this.#closed();
  }

  /** A screen that was turned, or a window made narrow, changes what is beside the page into what is over it, or back. */
  readonly #turn = (): void => {
    const dialog = this.#dialog;
    if (dialog?.open !== true) return;
    this.#movesFocus = dialog.matches(":focus-within");
    dialog.close();
    this.#show(dialog);
    this.#movesFocus = true;
  };

  /** An on-screen keyboard covers the page without telling it; only the visual viewport knows. */
  readonly #fit = (): void => {
    const dialog = this.#dialog;
    if (dialog?.open !== true || visualViewport === null) return;
    dialog.style.setProperty("--_viewport-height", `${visualViewport.height}px`);
    dialog.style.setProperty("--_viewport-top", `${visualViewport.offsetTop}px`);
  };
}
