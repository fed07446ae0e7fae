import type { RoomMessage } from "@chat-widget/client";
import type { TextFormat } from "./parts/view.js";
import { mayHaveMarks } from "./text/marks.js";

interface FormatHost extends HTMLElement {
  requestUpdate(): void;
}

/** Reads the marks in messages. Its code is fetched with the first message that may have any; until then texts are shown as they were typed. */
export class Format {
  readonly #host: FormatHost;
  #seen: readonly RoomMessage[] | undefined;
  #asked: Promise<TextFormat> | undefined;
  current: TextFormat | undefined;

  constructor(host: FormatHost) {
    this.#host = host;
  }

  /** Looks whether it is needed; before each drawing. */
  follow(messages: readonly RoomMessage[] | undefined): void {
    if (this.current !== undefined || messages === undefined || messages === this.#seen) return;
    this.#seen = messages;
    // Without the network it stays as it is, and the next message asks again.
    if (messages.some(({ text, quote }) => mayHaveMarks(text) || mayHaveMarks(quote?.text ?? ""))) this.#load().catch(() => undefined);
  }

  /** Gives a text without its marks, to be read aloud: at once when that can be. */
  withoutMarks(text: string, use: (plain: string) => void): void {
    if (this.current !== undefined || !mayHaveMarks(text)) return use(this.current?.plainTextOf(text) ?? text);
    this.#load().then(
      ({ plainTextOf }) => use(plainTextOf(text)),
      () => use(text),
    );
  }

  #load(): Promise<TextFormat> {
    return (this.#asked ??= import("./parts/rich-text.js").then(
      (format) => {
        this.current = format;
        this.#host.shadowRoot?.adoptedStyleSheets.push(format.richTextSheet());
        this.#host.requestUpdate();
        return format;
      },
      (cause: unknown) => {
        this.#asked = undefined;
        throw cause;
      },
    ));
  }
}
