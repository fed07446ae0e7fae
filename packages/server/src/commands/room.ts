import { ChatError, type CommandInput, type CommandOutput } from "@chat-widget/protocol";
import { type CommandContext, demand, openRoom } from "./command-context.js";

/** Opens a room, or resumes it: answers what the connection missed, then tells it what happens, with nothing between and nothing before. */
export async function joinRoom(context: CommandContext, { roomId, after, limit }: CommandInput<"room:join">): Promise<CommandOutput<"room:join">> {
  const { user, connection, policy, rooms, limits } = context;
  await demand(context, roomId, "room:join");
  const isNew = !connection.openRooms.has(roomId);
  if (isNew && connection.openRooms.size >= limits.roomsPerConnection) {
    throw new ChatError("too-large", `unable to join the room; ${limits.roomsPerConnection} are open already`, { details: { limit: limits.roomsPerConnection } });
  }
  const room = rooms.get(roomId);
  try {
    connection.open(room);
    const receipts = await room.receipts.read(user.id);
    const permissions = await policy.permissions(user, roomId);
    const catchUp = await room.feed.catchUp(after, context.pageSize(limit));
    context.afterAnswer(() => connection.listen(room, catchUp.head));
    return { catchUp, receipts, presence: room.presence.snapshot(), permissions };
  } catch (error) {
    if (isNew) connection.close(room);
    throw error;
  }
}

export async function leaveRoom(context: CommandContext, { roomId }: CommandInput<"room:leave">): Promise<CommandOutput<"room:leave">> {
  if (!context.connection.openRooms.has(roomId)) throw new ChatError("forbidden", "unable to leave the room; it is not open");
  context.connection.close(context.rooms.get(roomId));
  return {};
}

export async function syncRoom(context: CommandContext, { roomId, after, limit }: CommandInput<"room:sync">): Promise<CommandOutput<"room:sync">> {
  const room = await openRoom(context, roomId, "room:sync");
  return room.feed.catchUp(after, context.pageSize(limit));
}
