import * as z from "zod/mini";
import { Attachment, CommandId, RoomId, Timestamp, UserId } from "@chat-widget/protocol";

/** What is known of one upload. */
export const UploadRecord = z.object({
  userId: UserId,
  roomId: RoomId,
  name: z.string(),
  /** Bytes, as they were announced. */
  size: z.int(),
  /** `sending` until it is looked at, `ready` for a message, `used` by one, `doomed` when it is only to be removed. */
  state: z.enum(["sending", "ready", "used", "doomed"]),
  /** When it was asked for, or last taken for a message. */
  at: Timestamp,
  /** The keys of the copies that were made of it, whether or not they were good. */
  copies: z.array(z.string()),
  /** The copy that is served. */
  file: z.optional(z.string()),
  /** What was found in it. */
  attachment: z.optional(Attachment),
  messageId: z.optional(CommandId),
});
export type UploadRecord = z.infer<typeof UploadRecord>;
