import type { CommandInput, CommandOutput, RoomEvent, Version } from "@chat-widget/protocol";
import type { Room } from "../rooms/room.js";
import { type CommandContext, demand, openRoom } from "./command-context.js";
import { findMessage } from "./message.js";

/** Edits that are shown of one message. */
const mostEdits = 50;

/** What a message said since it was sent, oldest first. @throws {ChatError} `not-found` */
export async function versionsOf(room: Room, messageId: string): Promise<Version[]> {
  const message = await findMessage(room, messageId);
  if (message.deletedAt !== undefined) return [];
  const events = await room.events([messageId, ...(await room.edits.ids(messageId))]);
  // It may have been deleted meanwhile.
  const [first, ...edits] = events.flatMap(versionOf).filter(({ text }) => text !== "").toSorted((a, b) => a.seq - b.seq);
  return first === undefined ? [] : [first, ...edits.slice(-mostEdits)];
}

export async function readVersions(context: CommandContext, { roomId, messageId }: CommandInput<"message:history">): Promise<CommandOutput<"message:history">> {
  const room = await openRoom(context, roomId, "message:read");
  await demand(context, roomId, "message:history", { message: await findMessage(room, messageId) });
  return { versions: await versionsOf(room, messageId) };
}

function versionOf(event: RoomEvent): Version[] {
  if (event.type !== "message.sent" && event.type !== "message.edited") return [];
  const { seq, at, text, mentions } = event;
  return [{ seq, at, by: event.type === "message.sent" ? event.author.id : event.by, text, ...(mentions && { mentions }) }];
}
