import type { Message } from "@chat-widget/protocol";
import type { Streams, StreamsOptions } from "./streams.js";

/** The messages that are being written in a room. What deals with them is loaded when the first is heard of. */
export class StreamDoor {
  readonly #options: StreamsOptions;
  #streams: Promise<Streams | undefined> | undefined;
  #messages: readonly Message[] = [];

  constructor(options: StreamsOptions) {
    this.#options = {
      ...options,
      onChange: (messages) => {
        this.#messages = messages;
        options.onChange(messages);
      },
    };
  }

  /** The same array until something changes. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  hear(payload: unknown): void {
    // Who cannot load it sees the message when it is done.
    this.#streams ??= import("./streams.js").then(({ Streams }) => new Streams(this.#options)).catch(() => undefined);
    void this.#streams.then((streams) => streams?.hear(payload));
  }

  /** Somebody else sits here, or nobody any more. */
  clear(): void {
    void this.#streams?.then((streams) => streams?.clear());
    this.#streams = undefined;
    this.#messages = [];
  }
}
