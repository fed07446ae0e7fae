import { ChatError } from "@chat-widget/protocol";
import type { CommandContext } from "./command-context.js";

/** What reads a room, for as long as it is open on the connection: who is put out meanwhile gets nothing that was read before. */
export function whileOpen<I extends { roomId: string }, O>(read: (context: CommandContext, input: I) => Promise<O>) {
  return async (context: CommandContext, input: I): Promise<O> => {
    const answer = await read(context, input);
    if (!context.connection.openRooms.has(input.roomId)) throw new ChatError("forbidden", "unable to read; join the room first");
    return answer;
  };
}
