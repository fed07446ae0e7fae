import { applyEvent, type Message, type User, type Write } from "@chat-widget/protocol";
import type { OutboxItem } from "../outbox/outbox-item.js";

/** Later than every message the server has numbered. */
const unnumbered = Number.MAX_SAFE_INTEGER;

/** A message as it will read once its command is done. */
export function messageOf({ write, askedAt, attachments }: OutboxItem, me: User | undefined): Message | undefined {
  if (write.name !== "message:send") return undefined;
  const { roomId: _roomId, attachments: _uploads, ...said } = write.input;
  const author = { id: me?.id ?? "", name: me?.name ?? "", ...(me?.avatarUrl !== undefined && { avatarUrl: me.avatarUrl }) };
  return { ...said, seq: unnumbered, rev: 1, sentAt: askedAt, author, ...(attachments && { attachments: [...attachments] }), reactions: [] };
}

/** The message a command changes; `undefined` for a command that changes none. */
export function targetOf(write: Write): string | undefined {
  return "messageId" in write.input ? write.input.messageId : undefined;
}

/** A message as it will read once this change is done: the same fold as of the event that will come of it. */
export function withChange(message: Message, { write, askedAt }: OutboxItem, me: User | undefined): Message {
  if (write.name === "message:send" || write.name === "event:publish") return message;
  const change = { id: write.input.id, seq: message.rev + 1, at: askedAt, by: me?.id ?? "", messageId: message.id };
  switch (write.name) {
    case "message:edit":
      return applyEvent(message, { ...change, type: "message.edited", text: write.input.text, mentions: write.input.mentions }) ?? message;
    case "message:delete":
      return applyEvent(message, { ...change, type: "message.deleted", publicReason: write.input.publicReason }) ?? message;
    case "reaction:add":
      return applyEvent(message, { ...change, type: "reaction.added", emoji: write.input.emoji }) ?? message;
    case "reaction:remove":
      return applyEvent(message, { ...change, type: "reaction.removed", emoji: write.input.emoji }) ?? message;
  }
}
