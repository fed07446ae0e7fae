import type { WireEvent } from "@chat-widget/protocol";
import { deletedMessageOf, scrubEvents } from "./scrub.js";

const mostEvents = 256;
/** UTF-16 code units of text; what people write is far less. */
const mostText = 1_048_576;

/** The last events of a room as they were delivered: without a hole, bounded, and without the text of what was deleted since. */
export class Tail {
  #events: WireEvent[] = [];
  #text = 0;
  #end: number;

  /** `end` is where the log ended before the first event that will be pushed. */
  constructor(end: number) {
    this.#end = end;
  }

  /** Takes the events that follow. */
  push(run: readonly WireEvent[]): void {
    for (const event of run) {
      const deleted = deletedMessageOf(event);
      if (deleted !== undefined) this.#scrub(deleted);
      this.#events.push(event);
      this.#text += textOf(event);
      this.#end = event.seq;
    }
    this.#trim();
  }

  /** At most `limit` events after a place, oldest first; undefined when the tail does not reach back that far or the place is beyond it. */
  after(seq: number, limit: number): WireEvent[] | undefined {
    const start = this.#end - this.#events.length;
    if (seq < start || seq > this.#end) return undefined;
    return this.#events.slice(seq - start, seq - start + limit);
  }

  #scrub(messageId: string): void {
    scrubEvents(this.#events, messageId);
    this.#text = this.#events.reduce((sum, event) => sum + textOf(event), 0);
  }

  #trim(): void {
    let surplus = Math.max(0, this.#events.length - mostEvents);
    for (const event of this.#events.slice(0, surplus)) this.#text -= textOf(event);
    for (; this.#text > mostText && surplus < this.#events.length; surplus++) this.#text -= textOf(this.#events[surplus]);
    if (surplus > 0) this.#events = this.#events.slice(surplus);
  }
}

function textOf(event: WireEvent | undefined): number {
  return typeof event?.["text"] === "string" ? event["text"].length : 0;
}
