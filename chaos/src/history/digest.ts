import type { Message, RoomEvent } from "@chat-widget/protocol";
import { fingerprint } from "../random.ts";

/** What a command asked for, or an event says, without place and time: equal for the one and the other. */
export function contentDigest(content: { type: string; text?: string | undefined; messageId?: string | undefined; emoji?: string | undefined }): number {
  const { type, text = "", messageId = "", emoji = "" } = content;
  return fingerprint(JSON.stringify([type, text, messageId, emoji]));
}

/** Everything a reader sees of a message. */
export function messageDigest({ id, seq, rev, author, text, replyTo, editedAt, deletedAt, deletedBy, reactions }: Message): number {
  return fingerprint(JSON.stringify([id, seq, rev, author.id, text, replyTo, editedAt, deletedAt, deletedBy, reactions]));
}

/** The event that each command becomes. */
export const eventOfCommand: Record<string, RoomEvent["type"]> = {
  "message:send": "message.sent",
  "message:edit": "message.edited",
  "message:delete": "message.deleted",
  "reaction:add": "reaction.added",
  "reaction:remove": "reaction.removed",
};
