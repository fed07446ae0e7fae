import type { ReactiveController, ReactiveControllerHost } from "lit";

const nearEndPx = 24;
const nearStartPx = 320;

/**
 * Holds the reader's place. The scroller is laid out in `column-reverse`, so `scrollTop` is 0 at the end and negative above it:
 * what grows while one is at the end, and what is put in above, moves nothing. Only what is added below must be made up for.
 */
export class ScrollKeeper implements ReactiveController {
  readonly #scroller: () => HTMLElement | null;
  #anchor: { element: HTMLElement; edge: number } | undefined;
  #lastTop = 0;

  constructor(host: ReactiveControllerHost, scroller: () => HTMLElement | null) {
    this.#scroller = scroller;
    host.addController(this);
  }

  /** Whether the newest message is in view. */
  get isAtEnd(): boolean {
    return this.#lastTop > -nearEndPx;
  }

  /** Whether the oldest loaded message is nearly in view. */
  get isNearStart(): boolean {
    const scroller = this.#scroller();
    return scroller !== null && scroller.clientHeight > 0 && scroller.scrollHeight - scroller.clientHeight + scroller.scrollTop < nearStartPx;
  }

  /** To be called at every scroll. */
  moved(): void {
    this.#lastTop = this.#scroller()?.scrollTop ?? 0;
  }

  toEnd(behavior: ScrollBehavior = "auto"): void {
    this.#scroller()?.scrollTo({ top: 0, behavior });
  }

  /** Moving an element in the document resets its scroll position. */
  hostConnected(): void {
    const top = this.#lastTop;
    if (top < 0) queueMicrotask(() => this.#scroller()?.scrollTo({ top }));
  }

  hostUpdate(): void {
    const scroller = this.#scroller();
    this.#anchor = scroller === null || this.isAtEnd ? undefined : firstVisible(scroller);
  }

  hostUpdated(): void {
    const scroller = this.#scroller();
    const anchor = this.#anchor;
    if (scroller === null || anchor === undefined || !anchor.element.isConnected) return;
    const moved = edgeOf(anchor.element) - anchor.edge;
    if (Math.abs(moved) >= 1) scroller.scrollTop += moved;
  }
}

function firstVisible(scroller: HTMLElement): { element: HTMLElement; edge: number } | undefined {
  const { top } = scroller.getBoundingClientRect();
  for (const element of scroller.querySelectorAll<HTMLElement>(".item")) {
    if (element.getBoundingClientRect().bottom > top) return { element, edge: edgeOf(element) };
  }
  return undefined;
}

/** The lower edge: the upper one moves when older history joins the group it was the first of. What is being written grows below. */
function edgeOf(element: HTMLElement): number {
  const { top, bottom } = element.getBoundingClientRect();
  return element.dataset["state"] === "streaming" ? top : bottom;
}
