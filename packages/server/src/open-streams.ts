import { ChatError } from "@chat-widget/protocol";
import type { MessageStream } from "./message-stream.js";

/** Messages that may be written at once. */
const most = { ofRoom: 8, ofServer: 200 };

/** The messages that the application is writing on this server. */
export class OpenStreams {
  readonly #streams = new Map<MessageStream, string>();
  #isClosed = false;

  /** @throws {ChatError} `rate-limited` when too many are being written, `unavailable` when the server closes */
  check(roomId: string): void {
    if (this.#isClosed) throw new ChatError("unavailable", "unable to write a message; the server is closing", { retryAfterMs: 1_000 });
    const ofRoom = [...this.#streams.values()].filter((id) => id === roomId).length;
    if (ofRoom < most.ofRoom && this.#streams.size < most.ofServer) return;
    throw new ChatError("rate-limited", `unable to write a message; ${ofRoom} are being written in the room and ${this.#streams.size} in all`, { retryAfterMs: 1_000 });
  }

  add(stream: MessageStream, roomId: string): void {
    this.#streams.set(stream, roomId);
  }

  delete(stream: MessageStream): void {
    this.#streams.delete(stream);
  }

  /** Stores what is written of each as it stands. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled([...this.#streams.keys()].map((stream) => stream.fail()));
  }
}
