import { ChatError } from "@chat-widget/protocol";
import type { ChatStore } from "../src/stores/chat-store.js";
import { memoryStore } from "../src/stores/memory-store.js";

/** A store in memory whose calls can be made to fail or to wait. */
export class FaultyStore implements ChatStore {
  readonly #store = memoryStore();
  /** How many appends fail from now on. */
  failingAppends = 0;
  /** Appends wait for this. */
  gate: Promise<void> = Promise.resolve();
  failsToOpen = false;
  /** Opening waits for this. */
  opening: Promise<void> = Promise.resolve();
  /** Says that the log does not reach back. */
  isTrimmed = false;
  /** How many appends were made of each transaction. */
  readonly transactions: number[] = [];

  async open(): ReturnType<ChatStore["open"]> {
    await this.opening;
    if (this.failsToOpen) throw new Error("disk on fire");
    return this.#store.open();
  }

  async append(...[roomId, appends]: Parameters<ChatStore["append"]>): ReturnType<ChatStore["append"]> {
    await this.gate;
    if (this.failingAppends > 0) {
      this.failingAppends -= 1;
      throw new ChatError("unavailable", "unable to append; the disk is full", { cause: new Error("SQLITE_FULL") });
    }
    this.transactions.push(appends.length);
    return this.#store.append(roomId, appends);
  }

  heads(...call: Parameters<ChatStore["heads"]>): ReturnType<ChatStore["heads"]> {
    return this.#store.heads(...call);
  }

  async eventsAfter(...call: Parameters<ChatStore["eventsAfter"]>): ReturnType<ChatStore["eventsAfter"]> {
    return this.isTrimmed ? { kind: "trimmed" } : this.#store.eventsAfter(...call);
  }

  eventsById(...call: Parameters<ChatStore["eventsById"]>): ReturnType<ChatStore["eventsById"]> {
    return this.#store.eventsById(...call);
  }

  messages(...call: Parameters<ChatStore["messages"]>): ReturnType<ChatStore["messages"]> {
    return this.#store.messages(...call);
  }

  messagesById(...call: Parameters<ChatStore["messagesById"]>): ReturnType<ChatStore["messagesById"]> {
    return this.#store.messagesById(...call);
  }

  search(...call: Parameters<ChatStore["search"]>): ReturnType<ChatStore["search"]> {
    return this.#store.search(...call);
  }

  receipts(...call: Parameters<ChatStore["receipts"]>): ReturnType<ChatStore["receipts"]> {
    return this.#store.receipts(...call);
  }

  moveReceipt(...call: Parameters<ChatStore["moveReceipt"]>): ReturnType<ChatStore["moveReceipt"]> {
    return this.#store.moveReceipt(...call);
  }

  reading(...call: Parameters<ChatStore["reading"]>): ReturnType<ChatStore["reading"]> {
    return this.#store.reading(...call);
  }

  receiptsOf(...call: Parameters<ChatStore["receiptsOf"]>): ReturnType<ChatStore["receiptsOf"]> {
    return this.#store.receiptsOf(...call);
  }

  forgetReader(...call: Parameters<ChatStore["forgetReader"]>): ReturnType<ChatStore["forgetReader"]> {
    return this.#store.forgetReader(...call);
  }

  allEvents(...call: Parameters<ChatStore["allEvents"]>): ReturnType<ChatStore["allEvents"]> {
    return this.#store.allEvents(...call);
  }

  redact(...call: Parameters<ChatStore["redact"]>): ReturnType<ChatStore["redact"]> {
    return this.#store.redact(...call);
  }

  records(...call: Parameters<ChatStore["records"]>): ReturnType<ChatStore["records"]> {
    return this.#store.records(...call);
  }

  writeRecords(...call: Parameters<ChatStore["writeRecords"]>): ReturnType<ChatStore["writeRecords"]> {
    return this.#store.writeRecords(...call);
  }

  forget(...call: Parameters<ChatStore["forget"]>): ReturnType<ChatStore["forget"]> {
    return this.#store.forget(...call);
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
