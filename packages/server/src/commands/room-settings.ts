import type { CommandInput, CommandOutput, RoomEvent } from "@chat-widget/protocol";
import { type CommandContext, demand } from "./command-context.js";

export async function updateRoom(context: CommandContext, { roomId, id, settings }: CommandInput<"room:update">): Promise<CommandOutput<"room:update">> {
  await demand(context, roomId, "room:update");
  return written(await context.rooms.get(roomId).changes.settings({ by: context.user.id, id, patch: settings }));
}

/** The answer to a write. */
export function written(event: RoomEvent | undefined): { event?: RoomEvent } {
  return event === undefined ? {} : { event };
}
