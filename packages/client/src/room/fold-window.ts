import { applyEvent, messageIdOf, type Message, type RoomEvent } from "@chat-widget/protocol";

/** Messages of a window after some events, in the order of the log; new ones only where the window reaches the end. */
export function foldInto(messages: readonly Message[], events: readonly RoomEvent[], isAtEnd: boolean): readonly Message[] {
  let folded = messages;
  for (const event of events) {
    const isNew = event.type === "message.sent" && event.seq > (folded.at(-1)?.seq ?? 0);
    const index = isNew ? -1 : folded.findLastIndex(({ id }) => id === messageIdOf(event));
    if (isNew ? !isAtEnd : index === -1) continue;
    const message = applyEvent(folded[index], event);
    if (message === undefined || message === folded[index]) continue;
    folded = isNew ? [...folded, message] : folded.with(index, message);
  }
  return folded;
}
