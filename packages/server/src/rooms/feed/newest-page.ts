import { type Message, type WireEvent, applyEvent, isAmong, messageIdsOf } from "@chat-widget/protocol";
import { isKnown } from "./scrub.js";

/** The newest messages of a room as they read at `asOf`, oldest first. */
export interface Newest {
  asOf: number;
  messages: Message[];
  hasOlder: boolean;
}

/** Keeps the newest messages of a room up to date, so that newcomers are answered without the store. */
export class NewestPage {
  #newest: Newest | undefined;
  #size = 0;

  /** Takes what the store gave when asked for `size` messages, unless it is no more than what is here. */
  set(newest: Newest, size: number): void {
    if (this.#newest !== undefined && size <= this.#size) return;
    this.#newest = { ...newest, messages: [...newest.messages] };
    this.#size = size;
  }

  /** The newest `limit` messages, if they are at hand. */
  get(limit: number): Newest | undefined {
    if (this.#newest === undefined || (limit > this.#size && this.#newest.hasOlder)) return undefined;
    const { asOf, messages, hasOlder } = this.#newest;
    return { asOf, messages: messages.slice(-limit), hasOlder: hasOlder || messages.length > limit };
  }

  /** Follows the log. A run that does not come next makes it forget. */
  apply(run: readonly WireEvent[]): void {
    for (const event of run) {
      if (this.#newest === undefined || event.seq <= this.#newest.asOf) continue;
      if (event.seq > this.#newest.asOf + 1) this.#newest = undefined;
      else this.#applyNext(this.#newest, event);
    }
  }

  #applyNext(newest: Newest, event: WireEvent): void {
    newest.asOf = event.seq;
    if (!isKnown(event)) return;
    const { messages } = newest;
    for (const id of messageIdsOf(event)) {
      const index = messages.findLastIndex((message) => message.id === id);
      const message = applyEvent(messages[index], event);
      if (message === undefined) continue;
      if (index !== -1) messages[index] = message;
      else if (message.id === id && isAmong(undefined, message)) messages.push(message);
    }
    if (messages.length > this.#size) {
      messages.shift();
      newest.hasOlder = true;
    }
  }
}
