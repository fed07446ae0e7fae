import type { CommandInput, CommandOutput } from "@chat-widget/protocol";
import { type CommandContext, openRoom } from "./command-context.js";
import { findMessage } from "./message.js";

export async function readPositions(context: CommandContext, { roomId, threadIds }: CommandInput<"thread:positions">): Promise<CommandOutput<"thread:positions">> {
  const room = await openRoom(context, roomId, "thread:positions");
  return { positions: await room.threadPositions.read(context.user.id, [...new Set(threadIds)]) };
}

/** A position beyond the last reply says no more than one at it. */
export async function markThread(context: CommandContext, { roomId, threadId, seq }: CommandInput<"thread:mark">): Promise<CommandOutput<"thread:mark">> {
  const room = await openRoom(context, roomId, "thread:mark");
  const { thread } = await findMessage(room, threadId);
  if (thread !== undefined) await room.threadPositions.move(context.user.id, threadId, Math.min(seq, thread.lastSeq));
  return {};
}
