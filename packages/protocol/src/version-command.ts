import * as z from "zod/mini";
import { said } from "./message.js";
import { CommandId, RoomId, Seq, Timestamp, UserId } from "./primitives.js";

/** What a message said once. */
export const Version = z.object({
  /** The place of the event that said it. */
  seq: Seq,
  /** When it was said. */
  at: Timestamp,
  /** Who wrote it. */
  by: UserId,
  /** What it said. */
  text: said.text,
  /** Whom it mentioned. */
  mentions: said.mentions,
});
export type Version = z.infer<typeof Version>;

/** How a message came to read as it does. */
export const versionCommands = {
  /** What a message said since it was sent; for its author and those who have the permission `read-history`. */
  "message:history": {
    input: z.strictObject({
      roomId: RoomId,
      /** The message it is about. */
      messageId: CommandId,
    }),
    output: z.object({
      /** Oldest first: as it was sent, then after each of the last 50 edits; none when it is deleted. */
      versions: z.array(Version),
    }),
  },
} as const;
