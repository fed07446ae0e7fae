import { createChatServer } from "@chat-widget/server";

/** So many that no sender is ever told to wait. */
const plenty = { burst: 1e9, perSecond: 1e9 };

/** Our server over a store. */
export function ourChat(http, store) {
  createChatServer(http, { store, guests: true, rates: { write: plenty, room: plenty, packets: plenty } });
  return {
    /** The ids of all messages the store holds, as often as it holds them. */
    async stored(rooms) {
      const ids = [];
      for (const room of rooms) {
        for (let seq = 0, isMore = true; isMore; ) {
          const { events, head } = await store.eventsAfter(room, seq, 1_000);
          for (const { id } of events) ids.push(id);
          seq = events.at(-1)?.seq ?? head;
          isMore = seq < head;
        }
      }
      return ids;
    },
  };
}
