import * as z from "zod/mini";
import { EventName } from "./app-event.js";
import { CommandId, Epoch, RoomId, Seq, Timestamp, UserId } from "./primitives.js";
import { said } from "./message.js";
import { Member, RoomSettings } from "./room-settings.js";
import { openEnum } from "./open-enum.js";
import { Profile } from "./user.js";

/** What every event carries, known or not. */
const envelope = {
  /** Its place in the room's log. */
  seq: Seq,
  /** The id of the command that asked for it. */
  id: CommandId,
  /** When it was written. */
  at: Timestamp,
};

const change = {
  ...envelope,
  /** Who did it. */
  by: UserId,
  /** The message it changes. */
  messageId: CommandId,
};

const MessageSent = z.object({
  ...envelope,
  /** Names the kind of event. */
  type: z.literal("message.sent"),
  /** The author as they were called then. */
  author: Profile,
  ...said,
});

const MessageEdited = z.object({
  ...change,
  /** Names the kind of event. */
  type: z.literal("message.edited"),
  /** The whole new text; empty when the message was deleted since. */
  text: said.text,
  /** Everyone the new text mentions. */
  mentions: said.mentions,
});

const MessageDeleted = z.object({
  ...change,
  /** Names the kind of event. */
  type: z.literal("message.deleted"),
  /** The thread that has one reply less; missing when it was none, or was deleted before. */
  threadId: said.threadId,
  /** Why a moderator did it, for everybody to read. */
  publicReason: z.optional(z.string()),
});

const reaction = {
  ...change,
  /** One emoji. */
  emoji: z.string().check(z.minLength(1), z.maxLength(32)),
};

const ReactionAdded = z.object({
  ...reaction,
  /** Names the kind of event. */
  type: z.literal("reaction.added"),
});

const ReactionRemoved = z.object({
  ...reaction,
  /** Names the kind of event. */
  type: z.literal("reaction.removed"),
});

const MessagePinned = z.object({
  ...change,
  /** Names the kind of event. */
  type: z.literal("message.pinned"),
});

const MessageUnpinned = z.object({
  ...change,
  /** Names the kind of event. */
  type: z.literal("message.unpinned"),
});

const RoomUpdated = z.object({
  ...envelope,
  /** Names the kind of event. */
  type: z.literal("room.updated"),
  /** Who did it. */
  by: UserId,
  /** All of them, as they are from here on. */
  settings: RoomSettings,
});

const MemberChanged = z.object({
  ...envelope,
  /** Names the kind of event. */
  type: z.literal("member.changed"),
  /** Who did it: the member, or somebody who may. */
  by: UserId,
  /** What happened to them. */
  change: openEnum(z.enum(["joined", "left", "role", "muted", "unmuted", "banned", "unbanned", "kicked"]), "role"),
  /** The person as they are to the room from here on. */
  member: Member,
});

const EventPublished = z.object({
  ...envelope,
  /** Names the kind of event. */
  type: z.literal("event.published"),
  /** What the application calls it. */
  name: EventName,
  /** Who published it, as they were called then. */
  author: Profile,
  /** As the application's schema takes it, at most 8 KiB; missing when it was forgotten since. */
  data: z.optional(z.unknown()),
});

/** What can happen in a room, by name. */
export const eventSchemas = {
  /** Somebody said something. */
  "message.sent": MessageSent,
  /** A message got a new text. */
  "message.edited": MessageEdited,
  /** A message was removed for good. */
  "message.deleted": MessageDeleted,
  /** Somebody set an emoji on a message; setting it twice is as once. */
  "reaction.added": ReactionAdded,
  /** Somebody took their emoji off a message. */
  "reaction.removed": ReactionRemoved,
  /** A message was pinned for everybody. */
  "message.pinned": MessagePinned,
  /** A message is pinned no more. */
  "message.unpinned": MessageUnpinned,
  /** The settings of the room changed. */
  "room.updated": RoomUpdated,
  /** Somebody came to belong to the room or left it, or what they may do in it changed. */
  "member.changed": MemberChanged,
  /** Something of the application's own. */
  "event.published": EventPublished,
} as const;
export type EventType = keyof typeof eventSchemas;

/** A fact of a room's log that this version knows. */
export const RoomEvent = z.discriminatedUnion("type", [MessageSent, MessageEdited, MessageDeleted, ReactionAdded, ReactionRemoved, MessagePinned, MessageUnpinned, RoomUpdated, MemberChanged, EventPublished]);
export type RoomEvent = z.infer<typeof RoomEvent>;

/** A fact as it travels: of any type, also one that only a newer version knows. It holds its place in the log all the same. */
export const WireEvent = z.looseObject({
  /** Its place in the room's log. */
  seq: Seq,
  /** Names the kind of event. */
  type: z.string().check(z.minLength(1), z.maxLength(64)),
});
export type WireEvent = z.infer<typeof WireEvent>;

/** A contiguous run of a room's log: `events[i].seq` is `from + i`. */
export const RoomEvents = z
  .object({
    roomId: RoomId,
    epoch: Epoch,
    /** The place of the first event. */
    from: Seq,
    /** Without a hole, in order. */
    events: z.array(WireEvent).check(z.minLength(1)),
  })
  .check(z.refine(({ from, events }) => events.every((event, index) => event.seq === from + index), "events are a contiguous run"));
export type RoomEvents = z.infer<typeof RoomEvents>;
