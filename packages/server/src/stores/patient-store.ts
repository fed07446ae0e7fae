import { ChatError } from "@chat-widget/protocol";
import { type Clock, withDeadline } from "../clock.js";
import type { ChatStore } from "./chat-store.js";

/** How long a store may take for one answer. */
const deadlineMs = 10_000;

/** A store that fails in one way only: late, or with an error of its own, it is `unavailable`, and whoever asked may ask again. */
export function patientStore(store: ChatStore, clock: Clock): ChatStore {
  const inTime = async <T>(what: string, ask: () => Promise<T>): Promise<T> => {
    try {
      const asked = (async () => ask())();
      return await withDeadline(clock, deadlineMs, asked, () => new ChatError("unavailable", `unable to ${what}; the store did not answer in time`));
    } catch (cause) {
      throw ChatError.is(cause) ? cause : new ChatError("unavailable", `unable to ${what}; the store failed`, { cause });
    }
  };
  return {
    // Making tables of a large database anew may take long.
    open: async () => store.open(),
    append: (...call) => inTime("write", () => store.append(...call)),
    heads: (...call) => inTime("read the heads of rooms", () => store.heads(...call)),
    eventsById: (...call) => inTime("read a log", () => store.eventsById(...call)),
    eventsAfter: (...call) => inTime("read a log", () => store.eventsAfter(...call)),
    messages: (...call) => inTime("read messages", () => store.messages(...call)),
    messagesById: (...call) => inTime("read messages", () => store.messagesById(...call)),
    receipts: (...call) => inTime("read receipts", () => store.receipts(...call)),
    moveReceipt: (...call) => inTime("store a read position", () => store.moveReceipt(...call)),
    close: () => inTime("close the store", () => store.close()),
  };
}
