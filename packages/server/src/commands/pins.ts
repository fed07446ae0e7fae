import type { CommandInput, CommandOutput } from "@chat-widget/protocol";
import { fitting } from "../rooms/answer-size.js";
import { type CommandContext, openRoom, writerOf } from "./command-context.js";
import { runWrite } from "./write.js";

/** Pins a message or takes the pin off. */
export function changePin(name: "message:pin" | "message:unpin") {
  return async (context: CommandContext, input: CommandInput<typeof name>): Promise<CommandOutput<typeof name>> => {
    const room = await openRoom(context, input.roomId, "room:write");
    return room.pins.inTurn(() => runWrite(writerOf(context), room, { name, input }));
  };
}

export async function readPins(context: CommandContext, { roomId }: CommandInput<"pins:read">): Promise<CommandOutput<"pins:read">> {
  const room = await openRoom(context, roomId, "pins:read");
  return { messages: fitting(await room.pins.read(), 0) };
}
