import * as z from "zod/mini";
import { CommandId, Position, Seq, Timestamp, UserId } from "./primitives.js";
import { Profile } from "./user.js";

/** One emoji on a message and everyone who set it, in the order they did. */
export const Reaction = z.object({
  emoji: z.string().check(z.minLength(1)),
  userIds: z.array(UserId),
});
export type Reaction = z.infer<typeof Reaction>;

/** A message as it reads now: the fold of every event about it. */
export const Message = z.object({
  id: CommandId,
  /** Its place in the room; messages are ordered by it and by nothing else. */
  seq: Seq,
  /** The `seq` of the last event it holds. */
  rev: Seq,
  sentAt: Timestamp,
  /** The author as they were called when they sent it. */
  author: Profile,
  /** Empty once deleted. */
  text: z.string(),
  /** The message it answers. */
  replyTo: z.optional(CommandId),
  editedAt: z.optional(Timestamp),
  deletedAt: z.optional(Timestamp),
  /** Who deleted it: its author or a moderator. */
  deletedBy: z.optional(UserId),
  reactions: z.array(Reaction),
});
export type Message = z.infer<typeof Message>;

/** How far one user has read a room. */
export const Receipt = z.object({ userId: UserId, seq: Position });
export type Receipt = z.infer<typeof Receipt>;
