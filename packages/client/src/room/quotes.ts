import type { Message } from "@chat-widget/protocol";
import type { RoomLog } from "./room-log.js";

/** How many messages one `message:read` may ask for. */
const readSize = 50;

/** Fetches messages that are quoted and not at hand. Each is asked for until the server has no more. */
export class Quotes {
  readonly #log: RoomLog;
  readonly #read: (ids: string[]) => Promise<readonly Message[]>;
  readonly #onChange: () => void;
  #asked = new Set<string>();

  constructor(log: RoomLog, read: (ids: string[]) => Promise<readonly Message[]>, onChange: () => void) {
    this.#log = log;
    this.#read = read;
    this.#onChange = onChange;
  }

  /** After an absence, what was not found may be there, and what was found may have changed. */
  reset(): void {
    this.#asked = new Set();
  }

  async fetch(): Promise<void> {
    const ids = new Set<string>();
    for (const { replyTo } of this.#log.messages) {
      if (replyTo !== undefined && !this.#asked.has(replyTo) && this.#log.message(replyTo) === undefined) ids.add(replyTo);
    }
    const batch = [...ids].slice(-readSize);
    if (batch.length === 0) return;
    for (const id of batch) this.#asked.add(id);
    try {
      this.#log.addOutside(await this.#read(batch));
      // Of long ones not all fit into one answer; only one without any of them says that the rest is not there.
      if (batch.some((id) => this.#log.message(id) !== undefined)) for (const id of batch) this.#asked.delete(id);
      this.#onChange();
      await this.fetch();
    } catch {
      // A quote without its text is shown as such; the next join asks again.
    }
  }
}
