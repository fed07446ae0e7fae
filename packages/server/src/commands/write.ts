import { ChatError, type CommandInput, type CommandOutput, type Write, type WriteCommandName, type WriteResult } from "@chat-widget/protocol";
import type { Room } from "../rooms/room.js";
import type { AnyWrite } from "./any-write.js";
import { Batch } from "./batch.js";
import { type CommandContext, openRoom, writerOf } from "./command-context.js";
import type { Writer } from "./draft.js";

export async function writeBatch(context: CommandContext, { roomId, writes }: CommandInput<"room:write">): Promise<CommandOutput<"room:write">> {
  const { batchSize } = context.limits;
  if (writes.length > batchSize) {
    throw new ChatError("too-large", `unable to write; the batch has ${writes.length} commands and ${batchSize} are allowed`, { details: { limit: batchSize } });
  }
  const room = await openToWrite(context, roomId, writes.length);
  return { results: await runWrites(writerOf(context), room, writes) };
}

/** The handler of one write command on its own. */
export function writeAlone<I extends CommandInput<WriteCommandName>>(wrap: (input: I) => Write) {
  return async (context: CommandContext, input: I): Promise<CommandOutput<WriteCommandName>> => {
    const room = await openToWrite(context, input.roomId, 1);
    return runWrite(writerOf(context), room, wrap(input));
  };
}

/** The room, unless too much is written to it by all together: one room's flood must not stop the others. @throws {ChatError} */
async function openToWrite(context: CommandContext, roomId: string, writes: number): Promise<Room> {
  const room = await openRoom(context, roomId, "room:write");
  const retryAfterMs = context.spendRoom(roomId, writes);
  if (retryAfterMs > 0) throw new ChatError("rate-limited", "unable to write; too much is written to this room", { retryAfterMs });
  return room;
}

/** Does one write. @throws {ChatError} */
export async function runWrite(writer: Writer, room: Room, write: AnyWrite): Promise<CommandOutput<WriteCommandName>> {
  const [result] = await runWrites(writer, room, [write]);
  if (result === undefined) throw new ChatError("internal", "unable to write; nothing came of it");
  if (!result.ok) throw new ChatError(result.error);
  return result.data;
}

/** Does writes in the order given and says how each ended. */
function runWrites(writer: Writer, room: Room, writes: readonly AnyWrite[]): Promise<WriteResult[]> {
  return room.keep(() => new Batch(writer, room, writes).run());
}
