import type { CommandInput, CommandOutput } from "@chat-widget/protocol";
import { type CommandContext, openRoom } from "./command-context.js";

export async function moveReceipt(context: CommandContext, { roomId, seq }: CommandInput<"receipt:move">): Promise<CommandOutput<"receipt:move">> {
  const room = await openRoom(context, roomId, "receipt:move");
  await room.moveReceipt(context.user.id, seq);
  return {};
}
