import { html, type ReactiveController, type ReactiveControllerHost } from "lit";

/** Long enough that a burst becomes one sentence, short enough to be about what is on the screen. */
const gatherMs = 700;
const mostAtOnce = 3;
const noticeMs = 6_000;

/** The one voice of the widget: a polite live region, fed a few words at a time, and a notice for the eye. */
export class Announcer implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #waiting: string[] = [];
  #text = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #notice: string | undefined;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** What is to be seen for a moment. */
  get notice(): string | undefined {
    return this.#notice;
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#noticeTimer);
    this.#timer = this.#notice = undefined;
    this.#waiting = [];
  }

  /** Says something soon. Of many things at once it says how many they are, in the words of the last, and the last itself. */
  say(text: string, many?: (count: number) => string): void {
    this.#waiting.push(text);
    this.#timer ??= setTimeout(() => {
      const waiting = this.#waiting;
      const isMany = many !== undefined && waiting.length > mostAtOnce;
      const said = (isMany ? [many(waiting.length), ...waiting.slice(-1)] : waiting).join("\n");
      this.#timer = undefined;
      this.#waiting = [];
      // A region that gets the same words again stays silent, so the second time they differ by a space.
      this.#text = said === this.#text ? `${said}\u00A0` : said;
      this.#host.requestUpdate();
    }, gatherMs);
  }

  /** Says something and shows it for a moment. */
  show(text: string): void {
    this.say(text);
    this.#notice = text;
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = setTimeout(() => {
      this.#notice = undefined;
      this.#host.requestUpdate();
    }, noticeMs);
    this.#host.requestUpdate();
  }

  render() {
    return html`<div class="sr" role="status" aria-live="polite">${this.#text}</div>`;
  }
}
