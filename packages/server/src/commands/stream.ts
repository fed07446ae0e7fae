import type { CommandInput, CommandOutput } from "@chat-widget/protocol";
import { type CommandContext, openRoom } from "./command-context.js";

export async function readStreams(context: CommandContext, { roomId }: CommandInput<"stream:read">): Promise<CommandOutput<"stream:read">> {
  const room = await openRoom(context, roomId, "stream:read");
  return { parts: room.streams.read() };
}
