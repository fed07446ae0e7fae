import { ChatError, type CommandName } from "@chat-widget/protocol";
import { rankOfRoles, ranks } from "../moderation/staff.js";
import type { Room } from "../rooms/room.js";
import { type CommandContext, demand } from "./command-context.js";

/** Returns when the user may moderate the room, or without a room the whole chat. @throws {ChatError} `forbidden` */
export async function demandKeeper(context: CommandContext, roomId: string | undefined, command: CommandName): Promise<void> {
  if (roomId !== undefined) return void (await demand(context, roomId, command));
  if (rankOfRoles(context.user.roles) < ranks.moderator) throw new ChatError("forbidden", `unable to run ${command} for the whole chat; name a room`);
}

/** Leaves out what is about rooms that the user may not moderate: rules of the application may keep even those who moderate the whole chat out of some. */
export async function ofKeptRooms<T extends { roomId?: string | undefined }>(context: CommandContext, command: CommandName, items: readonly T[]): Promise<T[]> {
  const verdicts = new Map<string, boolean>();
  for (const { roomId } of items) {
    if (roomId !== undefined && !verdicts.has(roomId)) verdicts.set(roomId, await isKeeper(context, roomId, command));
  }
  return items.filter(({ roomId }) => roomId === undefined || verdicts.get(roomId) === true);
}

async function isKeeper(context: CommandContext, roomId: string, command: CommandName): Promise<boolean> {
  try {
    await demand(context, roomId, command);
    return true;
  } catch (error) {
    if (ChatError.is(error) && error.code === "forbidden") return false;
    throw error;
  }
}

/** Returns when somebody has less to say than the user, who may moderate the room. Nobody acts on themselves or their equals. @throws {ChatError} `forbidden` */
export async function demandRank({ user, desk }: CommandContext, room: Room, userId: string, command: CommandName): Promise<void> {
  const own = Math.max(rankOfRoles(user.roles), ranks.roomModerator);
  const member = await room.state.member(userId);
  const theirs = Math.max(desk.staff.rankOf(userId), member?.role === "moderator" ? ranks.roomModerator : ranks.everybody);
  if (userId === user.id || theirs >= own) throw new ChatError("forbidden", `unable to run ${command}; that person has as much to say here`);
}
