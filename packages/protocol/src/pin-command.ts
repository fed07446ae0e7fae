import * as z from "zod/mini";
import { Message } from "./message.js";
import { RoomId } from "./primitives.js";
import { Written, ofMessage } from "./write-command.js";

/** What is done about pinned messages. */
export const pinCommands = {
  /** Pins a message for everybody in the room; at most 50 are. */
  "message:pin": { input: z.strictObject(ofMessage), output: Written },
  /** Takes the pin off a message. */
  "message:unpin": { input: z.strictObject(ofMessage), output: Written },
  /** The pinned messages of a room. */
  "pins:read": {
    input: z.strictObject({ roomId: RoomId }),
    output: z.object({
      /** As they read now, the last pinned first; no more than 256 KiB of them, unless one alone is larger. */
      messages: z.array(Message),
    }),
  },
} as const;
