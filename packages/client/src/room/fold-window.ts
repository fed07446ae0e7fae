import { applyEvent, isAmong, messageIdsOf, type Message, type RoomEvent } from "@chat-widget/protocol";

/** Messages of a window after some events, in the order of the log; new ones only where the window reaches the end. */
export function foldInto(messages: readonly Message[], events: readonly RoomEvent[], isAtEnd: boolean): readonly Message[] {
  let folded = messages;
  for (const event of events) {
    for (const id of messageIdsOf(event)) {
      const isNew = event.type === "message.sent" && event.id === id && event.seq > (folded.at(-1)?.seq ?? 0);
      const index = isNew ? -1 : folded.findLastIndex((message) => message.id === id);
      if (isNew ? !isAtEnd : index === -1) continue;
      const message = applyEvent(folded[index], event);
      if (message === undefined || message === folded[index] || (isNew && !isAmong(undefined, message))) continue;
      folded = isNew ? [...folded, message] : folded.with(index, message);
    }
  }
  return folded;
}
