import * as z from "zod/mini";
import { CommandId, Position, RoomId } from "./primitives.js";

/** How far the caller has read threads; nobody else is told. */
export const threadCommands = {
  /** The caller's read positions in threads; those without one are left out. */
  "thread:positions": {
    input: z.strictObject({
      roomId: RoomId,
      /** The roots of the threads. */
      threadIds: z.array(CommandId).check(z.minLength(1), z.maxLength(50)),
    }),
    output: z.object({
      /** One for each thread that the caller has read something of. */
      positions: z.array(
        z.object({
          /** The root of the thread. */
          threadId: CommandId,
          /** Everything up to here is read. */
          seq: Position,
        }),
      ),
    }),
  },
  /** Moves the caller's read position in a thread forward; a lower one changes nothing. */
  "thread:mark": {
    input: z.strictObject({
      roomId: RoomId,
      /** The root of the thread. */
      threadId: CommandId,
      /** Everything up to here is read. */
      seq: Position,
    }),
    output: z.object({}),
  },
} as const;
