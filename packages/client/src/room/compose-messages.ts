import { ChatError, type Message, type User } from "@chat-widget/protocol";
import { idOf, type OutboxItem } from "../outbox/outbox-item.js";
import { messageOf, targetOf, withChange } from "./optimistic.js";
import type { RoomLog } from "./room-log.js";
import type { Delivery, RoomMessage } from "./snapshot.js";

const sent: Delivery = { state: "sent" };
const pending: Delivery = { state: "pending" };
const growing: Delivery = { state: "streaming" };

/** What is confirmed, as far as it is shown. */
type Shown = Pick<RoomLog, "messages" | "message" | "shows">;

/** Lines of the conversation from the log and what is on its way. A line whose parts did not change is the same object as before. */
export class MessageComposer {
  #lines = new Map<string, { parts: readonly unknown[]; line: RoomMessage }>();

  compose(log: Shown, items: readonly OutboxItem[], me: User | undefined, streaming: readonly Message[] = []): RoomMessage[] {
    const changes = changesByTarget(items);
    const before = this.#lines;
    this.#lines = new Map();

    const add = (message: Message, item: OutboxItem | undefined, delivery = deliveryOf(item)): RoomMessage => {
      const own = changes.get(message.id) ?? [];
      const quote = message.replyTo === undefined ? undefined : log.message(message.replyTo);
      // A message that is on its way is made anew each time; its item stands for it.
      const parts = [item ?? message, me?.id, quote, ...own];
      const known = before.get(message.id);
      const line = known !== undefined && isSame(known.parts, parts) ? known.line : lineOf(own.reduce((changed, change) => withChange(changed, change, me), message), item, delivery, me, quote);
      this.#lines.set(message.id, { parts, line });
      return line;
    };

    const lines = log.messages.map((message) => add(message, undefined));
    for (const item of items) {
      if (item.write.name !== "message:send" || !log.shows(item.write.input)) continue;
      const message = this.#lines.has(idOf(item)) ? undefined : messageOf(item, me);
      if (message !== undefined) lines.push(add(message, item));
    }
    for (const message of streaming) if (!this.#lines.has(message.id)) lines.push(add(message, undefined, growing));
    return lines;
  }
}

function changesByTarget(items: readonly OutboxItem[]): Map<string, OutboxItem[]> {
  const changes = new Map<string, OutboxItem[]>();
  for (const item of items) {
    const target = item.error === undefined ? targetOf(item.write) : undefined;
    if (target !== undefined) changes.set(target, [...(changes.get(target) ?? []), item]);
  }
  return changes;
}

function lineOf(message: Message, item: OutboxItem | undefined, delivery: Delivery, me: User | undefined, quote: Message | undefined): RoomMessage {
  const isMe = (id: string) => id === me?.id || me?.formerIds?.includes(id) === true;
  return { ...message, delivery, isMine: item !== undefined || isMe(message.author.id), mentionsMe: message.mentions?.some(isMe) === true, quote };
}

function deliveryOf(item: OutboxItem | undefined): Delivery {
  if (item === undefined) return sent;
  return item.error === undefined ? pending : { state: "failed", commandId: idOf(item), error: new ChatError(item.error) };
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}
