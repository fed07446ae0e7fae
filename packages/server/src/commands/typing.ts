import type { CommandInput, CommandOutput } from "@chat-widget/protocol";
import { type CommandContext, openRoom } from "./command-context.js";
import { profileOf } from "./profile.js";

/** In larger rooms someone is always typing. */
const largestRoom = 200;

export async function setTyping(context: CommandContext, { roomId, isTyping }: CommandInput<"typing:set">): Promise<CommandOutput<"typing:set">> {
  const room = await openRoom(context, roomId, "typing:set");
  if (isTyping && room.presence.count <= largestRoom) room.typing.start(profileOf(context.user));
  else room.typing.stop(context.user.id);
  return {};
}
