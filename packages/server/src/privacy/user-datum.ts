import * as z from "zod/mini";
import { CommandId, Message, Position, Profile, Report, RoomId, Seq, Timestamp, UserId } from "@chat-widget/protocol";

const where = { roomId: RoomId };
const when = { ...where, seq: Seq, at: Timestamp };

/** One thing that is kept of a user. Says of others no more than their ids. */
export const UserDatum = z.discriminatedUnion("kind", [
  /** Who they are: the ids they are known by, the one that was asked for first. */
  z.object({ kind: z.literal("user"), userIds: z.array(UserId) }),
  /** A message they wrote as it reads now, and without what others set on it. */
  z.object({ kind: z.literal("message"), ...where, message: z.omit(Message, { reactions: true }) }),
  /** A text that they gave to a message later. */
  z.object({ kind: z.literal("edit"), ...when, messageId: CommandId, text: z.string() }),
  /** A reaction that they set, and that is there now. */
  z.object({ kind: z.literal("reaction"), ...when, messageId: CommandId, emoji: z.string() }),
  /** An event of the application that they published. */
  z.object({ kind: z.literal("event"), ...when, name: z.string(), data: z.unknown() }),
  /** What they came to be in a room. */
  z.object({ kind: z.literal("membership"), ...when, change: z.string(), by: UserId, user: Profile }),
  /** A file they sent; `url`, below the chat's path or whole, gives its bytes until `expiresAt`. */
  z.object({
    kind: z.literal("upload"),
    ...where,
    id: CommandId,
    at: Timestamp,
    name: z.string(),
    size: z.int(),
    type: z.optional(z.string()),
    messageId: z.optional(CommandId),
    url: z.optional(z.string()),
    expiresAt: z.optional(Timestamp),
  }),
  /** How far they have read a room. */
  z.object({ kind: z.literal("receipt"), ...where, seq: Position }),
  /** What they said about a message of somebody else. */
  z.object({ kind: z.literal("complaint"), ...where, reportId: CommandId, messageId: CommandId, at: Timestamp, reason: z.string(), note: z.optional(z.string()) }),
  /** A message of theirs that was reported, as it read then, and what was decided about it. */
  z.object({ kind: z.literal("report"), ...where, reportId: CommandId, messageId: CommandId, at: Timestamp, text: z.string(), resolution: Report.shape.resolution }),
  /** What else is kept of them beside the rooms, such as what they are to a room now. */
  z.object({ kind: z.literal("record"), collection: z.string(), key: z.array(z.string()), value: z.unknown() }),
]);
export type UserDatum = z.infer<typeof UserDatum>;
