import type { CommandInput, CommandOutput, RoomEvent } from "@chat-widget/protocol";
import { type CommandContext, demand } from "./command-context.js";

export async function updateRoom(context: CommandContext, { roomId, id, settings }: CommandInput<"room:update">): Promise<CommandOutput<"room:update">> {
  await demand(context, roomId, "room:update");
  const { desk, rooms, user } = context;
  const records = desk.audit.note({ action: "room.updated", by: user.id, roomId });
  return written(await rooms.get(roomId).changes.settings({ by: user.id, id, patch: settings, records }));
}

/** The answer to a write. */
export function written(event: RoomEvent | undefined): { event?: RoomEvent } {
  return event === undefined ? {} : { event };
}
