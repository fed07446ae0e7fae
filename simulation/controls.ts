import type { RoomEvent } from "@chat-widget/protocol";
import type { Append, Appended, ChatStore } from "@chat-widget/server";
import { v7 as uuidv7 } from "uuid";

/** Databases with one fault each that no promise survives; the judge must see every one of them. */
export const controls: Readonly<Record<string, { store: (honest: ChatStore) => ChatStore; seen: RegExp }>> = {
  "acknowledges what it does not keep": {
    store: (honest) => ({
      ...bound(honest),
      append: async (roomId, appends) => {
        const results = await honest.append(roomId, appends.slice(0, -1));
        const last = appends.at(-1);
        const [head = 0] = await honest.heads([roomId]);
        return last === undefined ? results : [...results, { outcome: "stored", event: { ...last.draft, seq: head + 1, at: last.at } }];
      },
    }),
    seen: /was acknowledged at/,
  },
  "knows no id again": {
    store: (honest) => ({ ...bound(honest), append: (roomId, appends) => honest.append(roomId, appends.flatMap((append) => (append.draft.type === "message.sent" ? [append, anew(append)] : [append]))) }),
    seen: /stored twice|was acknowledged at/,
  },
  "tells those who catch up something else": {
    store: (honest) => ({
      ...bound(honest),
      async eventsAfter(...query) {
        const read = await honest.eventsAfter(...query);
        if (read.kind !== "events") return read;
        const last = read.events.at(-1);
        return { ...read, events: read.events.map((event) => (event === last ? event : changed(event))) };
      },
    }),
    seen: /shows/,
  },
  "answers with places of its own": {
    store: (honest) => ({
      ...bound(honest),
      async append(roomId, appends) {
        const results = await honest.append(roomId, appends);
        return results.map(moved);
      },
    }),
    seen: /was acknowledged at|shows|stands after/,
  },
};

function bound(store: ChatStore): ChatStore {
  return {
    open: () => store.open(),
    append: (...args) => store.append(...args),
    heads: (...args) => store.heads(...args),
    eventsAfter: (...args) => store.eventsAfter(...args),
    eventsById: (...args) => store.eventsById(...args),
    messages: (...args) => store.messages(...args),
    messagesById: (...args) => store.messagesById(...args),
    search: (...args) => store.search(...args),
    receipts: (...args) => store.receipts(...args),
    moveReceipt: (...args) => store.moveReceipt(...args),
    reading: (...args) => store.reading(...args),
    receiptsOf: (...args) => store.receiptsOf(...args),
    forgetReader: (...args) => store.forgetReader(...args),
    allEvents: (...args) => store.allEvents(...args),
    redact: (...args) => store.redact(...args),
    records: (...args) => store.records(...args),
    writeRecords: (...args) => store.writeRecords(...args),
    forget: (...args) => store.forget(...args),
    close: () => store.close(),
  };
}

function changed(event: RoomEvent): RoomEvent {
  return event.type === "message.sent" ? { ...event, text: `${event.text}!` } : event;
}

function moved(result: Appended): Appended {
  return result.outcome === "conflict" ? result : { ...result, event: { ...result.event, seq: result.event.seq + 1 } };
}

function anew(append: Append): Append {
  return { ...append, draft: { ...append.draft, id: uuidv7() } };
}
