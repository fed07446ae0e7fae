import { ChatError, type CommandInput, type CommandOutput } from "@chat-widget/protocol";
import { notAllowed } from "../policy/authorize.js";
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
    const catchUp = await room.feed.catchUp(after, context.pageSize(limit));
    // From here on every change is heard of, so that what is read now holds until then.
    const standing = await room.state.standing(user);
    const permissions = await policy.permissions(user, roomId, standing);
    if (!permissions.includes("read") || !connection.openRooms.has(roomId)) throw notAllowed("room:join");
    connection.allow(room, permissions);
    context.afterAnswer(() => connection.listen(room, catchUp.head));
    const { room: settings, member } = standing;
    return { catchUp, receipts, presence: room.presence.snapshot(), permissions, settings, ...(member !== undefined && { member }) };
  } catch (error) {
    if (isNew && connection.openRooms.has(roomId)) connection.close(room);
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
