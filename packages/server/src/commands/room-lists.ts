import type { CommandInput, CommandOutput } from "@chat-widget/protocol";
import { type CommandContext, demand } from "./command-context.js";

export async function listMembers(context: CommandContext, { roomId, after, limit }: CommandInput<"room:members">): Promise<CommandOutput<"room:members">> {
  await demand(context, roomId, "room:members");
  return context.rooms.lists.members(roomId, { after, limit: context.pageSize(limit) });
}

export function listRooms({ rooms, user, pageSize }: CommandContext, { after, limit }: CommandInput<"room:list">): Promise<CommandOutput<"room:list">> {
  return rooms.lists.roomsOf(user.id, { after, limit: pageSize(limit) });
}
