import { ChatError, type CommandInput } from "@chat-widget/protocol";
import type { Room } from "../rooms/room.js";
import type { Append } from "../stores/chat-store.js";
import { type Writer, appendOf } from "./draft.js";
import { findMessage } from "./message.js";

/** Pinned messages of one room: a list that nobody reads to its end is of no use. */
const mostPins = 50;

/** Makes `message.pinned` of a wish to pin; nothing when it is pinned already. */
export async function draftPin(writer: Writer, room: Room, { id, messageId }: CommandInput<"message:pin">): Promise<Append | undefined> {
  const message = await findMessage(room, messageId);
  await writer.demand(room, "message:pin", message);
  if (message.deletedAt !== undefined) throw new ChatError("conflict", "unable to pin the message; it is deleted");
  if (message.pinnedAt !== undefined) return undefined;
  if ((await room.pins.read()).length >= mostPins) {
    throw new ChatError("too-large", `unable to pin the message; the room has ${mostPins} pinned messages already`, { details: { limit: mostPins } });
  }
  const append = appendOf(writer, { type: "message.pinned", id, by: writer.profile.id, messageId }, [messageId]);
  return { ...append, records: [room.pins.record(messageId, true)] };
}

/** Makes `message.unpinned` of a wish to take the pin off; nothing when there is none. */
export async function draftUnpin(writer: Writer, room: Room, { id, messageId }: CommandInput<"message:unpin">): Promise<Append | undefined> {
  const message = await findMessage(room, messageId);
  await writer.demand(room, "message:unpin", message);
  if (message.pinnedAt === undefined) return undefined;
  const append = appendOf(writer, { type: "message.unpinned", id, by: writer.profile.id, messageId }, [messageId]);
  return { ...append, records: [room.pins.record(messageId, false)] };
}
