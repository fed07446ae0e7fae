import type { CommandInput, CommandOutput } from "@chat-widget/protocol";
import { type CommandContext, openRoom } from "./command-context.js";

/** Searches rooms that are open on this connection; when one of them may not be read, none is. */
export async function searchRooms(context: CommandContext, input: CommandInput<"message:search">): Promise<CommandOutput<"message:search">> {
  for (const roomId of new Set(input.roomIds)) await openRoom(context, roomId, "message:search");
  return context.rooms.search(input);
}
