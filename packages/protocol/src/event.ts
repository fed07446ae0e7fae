import * as z from "zod/mini";
import { CommandId, Epoch, RoomId, Seq, Timestamp, UserId } from "./primitives.js";
import { Profile } from "./user.js";

/** What every event carries, known or not. */
const envelope = {
  seq: Seq,
  /** The id of the command that asked for it. */
  id: CommandId,
  at: Timestamp,
};

const MessageSent = z.object({
  ...envelope,
  type: z.literal("message.sent"),
  author: Profile,
  /** Empty when the message was deleted since. */
  text: z.string(),
  replyTo: z.optional(CommandId),
});

const MessageEdited = z.object({
  ...envelope,
  type: z.literal("message.edited"),
  by: UserId,
  messageId: CommandId,
  /** The whole new text; empty when the message was deleted since. */
  text: z.string(),
});

const MessageDeleted = z.object({ ...envelope, type: z.literal("message.deleted"), by: UserId, messageId: CommandId });

const reaction = { ...envelope, by: UserId, messageId: CommandId, emoji: z.string().check(z.minLength(1), z.maxLength(32)) };
const ReactionAdded = z.object({ ...reaction, type: z.literal("reaction.added") });
const ReactionRemoved = z.object({ ...reaction, type: z.literal("reaction.removed") });

/** What can happen in a room, by name. */
export const eventSchemas = {
  "message.sent": MessageSent,
  "message.edited": MessageEdited,
  "message.deleted": MessageDeleted,
  "reaction.added": ReactionAdded,
  "reaction.removed": ReactionRemoved,
} as const;
export type EventType = keyof typeof eventSchemas;

/** A fact of a room's log that this version knows. */
export const RoomEvent = z.discriminatedUnion("type", [MessageSent, MessageEdited, MessageDeleted, ReactionAdded, ReactionRemoved]);
export type RoomEvent = z.infer<typeof RoomEvent>;

/** A fact as it travels: of any type, also one that only a newer version knows. It holds its place in the log all the same. */
export const WireEvent = z.looseObject({ seq: Seq, type: z.string().check(z.minLength(1), z.maxLength(64)) });
export type WireEvent = z.infer<typeof WireEvent>;

/** A contiguous run of a room's log: `events[i].seq` is `from + i`. */
export const RoomEvents = z
  .object({
    roomId: RoomId,
    epoch: Epoch,
    from: Seq,
    events: z.array(WireEvent).check(z.minLength(1)),
  })
  .check(z.refine(({ from, events }) => events.every((event, index) => event.seq === from + index), "events are a contiguous run"));
export type RoomEvents = z.infer<typeof RoomEvents>;
