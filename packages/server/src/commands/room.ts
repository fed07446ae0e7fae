import { ChatError, type CommandInput, type CommandOutput } from "@chat-widget/protocol";
import { type CommandContext, openRoom } from "./command-context.js";

/** Opens a room, or resumes it: first the connection hears what happens, then the log is read, so that nothing falls between. */
export async function joinRoom(context: CommandContext, { roomId, after, limit }: CommandInput<"room:join">): Promise<CommandOutput<"room:join">> {
  const { user, connection, policy, rooms, limits } = context;
  await policy.demand({ user, roomId, command: "room:join" });
  const isNew = !connection.openRooms.has(roomId);
  if (isNew && connection.openRooms.size >= limits.roomsPerConnection) {
    throw new ChatError("too-large", `unable to join the room; ${limits.roomsPerConnection} are open already`, { details: { limit: limits.roomsPerConnection } });
  }
  const room = rooms.get(roomId);
  try {
    await connection.open(room);
    const catchUp = await room.catchUp(after, context.pageSize(limit));
    const receipts = await room.receipts.read(user.id);
    const permissions = await policy.permissions(user, roomId);
    return { catchUp, receipts, presence: room.presence.snapshot(), permissions };
  } catch (error) {
    if (isNew) await connection.close(room);
    throw error;
  }
}

export async function leaveRoom(context: CommandContext, { roomId }: CommandInput<"room:leave">): Promise<CommandOutput<"room:leave">> {
  if (!context.connection.openRooms.has(roomId)) throw new ChatError("forbidden", "unable to leave the room; it is not open");
  await context.connection.close(context.rooms.get(roomId));
  return {};
}

export async function syncRoom(context: CommandContext, { roomId, after, limit }: CommandInput<"room:sync">): Promise<CommandOutput<"room:sync">> {
  const room = await openRoom(context, roomId, "room:sync");
  return room.catchUp(after, context.pageSize(limit));
}
