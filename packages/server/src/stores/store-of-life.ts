import { ChatError } from "@chat-widget/protocol";
import type { ChatStore, StoreIdentity } from "./chat-store.js";

/** A store for as long as it is who it said: whoever knew it then gets nothing of the one that takes its place, which may be open by now. */
export function storeOfLife(store: ChatStore, { replaced }: StoreIdentity): ChatStore {
  if (replaced === undefined) return store;
  const whileItLasts = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (replaced.aborted) throw new ChatError("unavailable", "unable to use the store; it was replaced");
    return ask();
  };
  return {
    open: () => store.open(),
    append: (...call) => whileItLasts(() => store.append(...call)),
    heads: (...call) => whileItLasts(() => store.heads(...call)),
    eventsById: (...call) => whileItLasts(() => store.eventsById(...call)),
    eventsAfter: (...call) => whileItLasts(() => store.eventsAfter(...call)),
    messages: (...call) => whileItLasts(() => store.messages(...call)),
    messagesById: (...call) => whileItLasts(() => store.messagesById(...call)),
    search: (...call) => whileItLasts(() => store.search(...call)),
    receipts: (...call) => whileItLasts(() => store.receipts(...call)),
    moveReceipt: (...call) => whileItLasts(() => store.moveReceipt(...call)),
    reading: (...call) => whileItLasts(() => store.reading(...call)),
    receiptsOf: (...call) => whileItLasts(() => store.receiptsOf(...call)),
    forgetReader: (...call) => whileItLasts(() => store.forgetReader(...call)),
    allEvents: (...call) => whileItLasts(() => store.allEvents(...call)),
    redact: (...call) => whileItLasts(() => store.redact(...call)),
    records: (...call) => whileItLasts(() => store.records(...call)),
    writeRecords: (...call) => whileItLasts(() => store.writeRecords(...call)),
    forget: (...call) => whileItLasts(() => store.forget(...call)),
    close: () => store.close(),
  };
}
