import { ChatError } from "@chat-widget/protocol";
import { type Clock, withDeadline } from "../clock.js";
import type { ChatStore } from "./chat-store.js";
import { type Fits, areNumbered, arePlaced, arePlacedEvents, arePlaces, areReadings, areReceipts, areRecords, areResultsOf, isAnything, isIdentity, isLogRead, isPage, isSearchPage, isStep, isYesOrNo } from "./store-answers.js";

/** How long a store may take for one answer. */
const deadlineMs = 10_000;

/** A store that fails in one way only: late, with an error of its own, or with an answer that is none, it is `unavailable`, and whoever asked may ask again. */
export function patientStore(store: ChatStore, clock: Clock): ChatStore {
  const inTime = async <T>(what: string, fits: Fits, ask: () => Promise<T>): Promise<T> => {
    try {
      const asked = (async () => ask())();
      return checked(what, fits, await withDeadline(clock, deadlineMs, asked, () => new ChatError("unavailable", `unable to ${what}; the store did not answer in time`)));
    } catch (cause) {
      throw ChatError.is(cause) ? cause : new ChatError("unavailable", `unable to ${what}; the store failed`, { cause });
    }
  };
  return {
    // Making tables of a large database anew may take long.
    open: async () => checked("open the store", isIdentity, await store.open()),
    append: (...call) => inTime("write", areResultsOf(call[1]), () => store.append(...call)),
    heads: (...call) => inTime("read the heads of rooms", arePlaces(call[0].length), () => store.heads(...call)),
    eventsById: (...call) => inTime("read a log", areNumbered, () => store.eventsById(...call)),
    eventsAfter: (...call) => inTime("read a log", isLogRead, () => store.eventsAfter(...call)),
    messages: (...call) => inTime("read messages", isPage, () => store.messages(...call)),
    messagesById: (...call) => inTime("read messages", areNumbered, () => store.messagesById(...call)),
    search: (...call) => inTime("search", isSearchPage, () => store.search(...call)),
    receipts: (...call) => inTime("read receipts", areReceipts, () => store.receipts(...call)),
    moveReceipt: (...call) => inTime("store a read position", isAnything, () => store.moveReceipt(...call)),
    reading: (...call) => inTime("read read positions", areReadings(call[1].length), () => store.reading(...call)),
    receiptsOf: (...call) => inTime("read receipts", arePlaced, () => store.receiptsOf(...call)),
    forgetReader: (...call) => inTime("forget a read position", isAnything, () => store.forgetReader(...call)),
    allEvents: (...call) => inTime("read all logs", arePlacedEvents, () => store.allEvents(...call)),
    redact: (...call) => inTime("take names out of a log", isAnything, () => store.redact(...call)),
    records: (...call) => inTime("read records", areRecords, () => store.records(...call)),
    writeRecords: (...call) => inTime("write records", isYesOrNo, () => store.writeRecords(...call)),
    forget: (...call) => inTime("forget what is old", isStep, () => store.forget(...call)),
    close: () => inTime("close the store", isAnything, () => store.close()),
  };
}

function checked<T>(what: string, fits: Fits, answer: T): T {
  if (fits(answer)) return answer;
  throw new ChatError("unavailable", `unable to ${what}; the store failed`, { cause: new Error(`unable to ${what}; what the store answered does not fit the contract of ChatStore`) });
}
