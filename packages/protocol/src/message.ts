import * as z from "zod/mini";
import { Attachment } from "./attachment.js";
import { CommandId, Position, Seq, Timestamp, UserId } from "./primitives.js";
import { Profile } from "./user.js";

/** One emoji on a message and everyone who set it, in the order they did. */
export const Reaction = z.object({
  /** One emoji. */
  emoji: z.string().check(z.minLength(1)),
  /** Everyone who set it, earliest first. */
  userIds: z.array(UserId),
});
export type Reaction = z.infer<typeof Reaction>;

/** What a message says, as it is sent and as it is kept. */
export const said = {
  /** Empty once deleted, and where a message has nothing but attachments. */
  text: z.string(),
  /** The users it mentions, by id; how the text spells them is up to its author. */
  mentions: z.optional(z.array(UserId)),
  /** The message it answers. */
  replyTo: z.optional(CommandId),
  /** The root of the thread it is in. */
  threadId: z.optional(CommandId),
  /** It is in a thread and among the room's messages as well. */
  alsoInRoom: z.optional(z.boolean()),
  /** `system` for a notice of the application itself. */
  kind: z.optional(z.string()),
  /** What the application put beside the text; the text is for those who do not know its type. */
  data: z.optional(
    z.object({
      /** Names its shape. */
      type: z.string(),
      /** An object, as its type says. */
      value: z.looseObject({}),
    }),
  ),
  /** Its files; missing when there are none, or once it is deleted. */
  attachments: z.optional(z.array(Attachment)),
};

/** What hangs below the root of a thread. */
export const ThreadSummary = z.object({
  /** Replies that are not deleted. */
  count: z.int().check(z.nonnegative()),
  /** When the last reply was sent, whether or not it was deleted since. */
  lastAt: Timestamp,
  /** The place of that reply. */
  lastSeq: Seq,
});
export type ThreadSummary = z.infer<typeof ThreadSummary>;

/** A message as it reads now: the fold of every event about it. */
export const Message = z.object({
  /** The id of the command that sent it. */
  id: CommandId,
  /** Its place in the room; messages are ordered by it and by nothing else. */
  seq: Seq,
  /** The `seq` of the last event it holds. */
  rev: Seq,
  /** When it was sent. */
  sentAt: Timestamp,
  /** The author as they were called when they sent it. */
  author: Profile,
  ...said,
  /** When its text was last changed. */
  editedAt: z.optional(Timestamp),
  /** When it was deleted. */
  deletedAt: z.optional(Timestamp),
  /** Who deleted it: its author or a moderator. */
  deletedBy: z.optional(UserId),
  /** Why a moderator deleted it, for everybody to read. */
  deletionReason: z.optional(z.string()),
  /** When it was pinned; missing when it is not. */
  pinnedAt: z.optional(Timestamp),
  /** Who pinned it. */
  pinnedBy: z.optional(UserId),
  /** In the order their emoji were first set. */
  reactions: z.array(Reaction),
  /** Only on the root of a thread. */
  thread: z.optional(ThreadSummary),
});
export type Message = z.infer<typeof Message>;

/** How far one user has read a room. */
export const Receipt = z.object({
  /** Who has read. */
  userId: UserId,
  /** Everything up to here. */
  seq: Position,
});
export type Receipt = z.infer<typeof Receipt>;
