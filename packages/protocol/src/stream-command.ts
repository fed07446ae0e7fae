import * as z from "zod/mini";
import { RoomId } from "./primitives.js";
import { StreamPart } from "./stream.js";

/** The command of messages that are being written. */
export const streamCommands = {
  /** Messages that are being written, from their beginnings; for who came later or missed a part. */
  "stream:read": {
    input: z.strictObject({ roomId: RoomId }),
    output: z.object({
      /** Each with `offset` 0. */
      parts: z.array(StreamPart),
    }),
  },
} as const;
