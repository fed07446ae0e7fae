import type { ChatStore } from "../src/stores/chat-store.js";

/** A store that counts what is asked of it, and that several servers of one process may share: it is closed by nobody. */
export class WatchedStore {
  readonly calls = new Map<string, number>();
  readonly store: ChatStore;

  constructor(inner: ChatStore) {
    const opened = inner.open();
    const shared: ChatStore = {
      open: () => opened,
      append: (...call) => inner.append(...call),
      heads: (...call) => inner.heads(...call),
      eventsAfter: (...call) => inner.eventsAfter(...call),
      eventsById: (...call) => inner.eventsById(...call),
      messages: (...call) => inner.messages(...call),
      messagesById: (...call) => inner.messagesById(...call),
      search: (...call) => inner.search(...call),
      receipts: (...call) => inner.receipts(...call),
      moveReceipt: (...call) => inner.moveReceipt(...call),
      reading: (...call) => inner.reading(...call),
      receiptsOf: (...call) => inner.receiptsOf(...call),
      forgetReader: (...call) => inner.forgetReader(...call),
      allEvents: (...call) => inner.allEvents(...call),
      redact: (...call) => inner.redact(...call),
      records: (...call) => inner.records(...call),
      writeRecords: (...call) => inner.writeRecords(...call),
      forget: (...call) => inner.forget(...call),
      close: async () => undefined,
    };
    this.store = new Proxy(shared, {
      get: (target, name, receiver) => {
        const method: unknown = Reflect.get(target, name, receiver);
        if (typeof method !== "function") return method;
        return (...call: unknown[]): unknown => {
          this.calls.set(String(name), this.count(String(name)) + 1);
          return Reflect.apply(method, target, call);
        };
      },
    });
  }

  /** How often a method was called. */
  count(method: string): number {
    return this.calls.get(method) ?? 0;
  }

  /** How often something was read since the last time. */
  takeReads(): Record<string, number> {
    const reads = Object.fromEntries(["heads", "eventsAfter", "eventsById", "messages", "messagesById", "receipts"].map((method) => [method, this.count(method)]));
    this.calls.clear();
    return reads;
  }
}
