import * as z from "zod/mini";
import { openEnum } from "./open-enum.js";
import { CommandId, RoomId, Seq, Timestamp, UserId } from "./primitives.js";
import { Profile } from "./user.js";

/** One thing that was done to keep a chat decent. Entries are written and never changed. */
export const AuditEntry = z.object({
  /** Its own id, a UUID of version 7; entries are in the order of their ids. */
  id: CommandId,
  /** When it was done. */
  at: Timestamp,
  /** Who did it: the id of a user, or the name of a part of the application. */
  by: UserId,
  /** What was done; a newer server may say what this version does not know. */
  action: z.string().check(z.minLength(1), z.maxLength(64)),
  /** Where; missing when it is about the whole chat. */
  roomId: z.optional(RoomId),
  /** To whom. */
  userId: z.optional(UserId),
  /** To what. */
  messageId: z.optional(CommandId),
  /** To which address or network. */
  address: z.optional(z.string()),
  /** Until when it holds; missing when it has no end. */
  until: z.optional(Timestamp),
  /** Why, in the words of who did it. */
  reason: z.optional(z.string()),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** Why a message is reported. */
export const ReportReason = z.enum(["spam", "harassment", "hate", "violence", "sexual", "self-harm", "illegal", "other"]);
export type ReportReason = z.infer<typeof ReportReason>;

/** One person's word about a message. */
export const Complaint = z.object({
  /** Whose; missing when the rules of the application flagged the message. */
  by: z.optional(UserId),
  /** When. */
  at: Timestamp,
  /** Why. */
  reason: openEnum(ReportReason, "other"),
  /** More, in their words. */
  note: z.optional(z.string()),
});
export type Complaint = z.infer<typeof Complaint>;

/** What a moderator decided about a report. */
export const ReportAction = z.enum(["dismissed", "deleted", "acted"]);
export type ReportAction = z.infer<typeof ReportAction>;

/** A message that somebody reported, as it read then, and all that was said about it. */
export const Report = z.object({
  /** Its own id, a UUID of version 7; reports are in the order of their ids. */
  id: CommandId,
  roomId: RoomId,
  /** The message it is about. */
  messageId: CommandId,
  /** The message's place in the room. */
  seq: z.optional(Seq),
  /** Who wrote it. */
  author: Profile,
  /** What they wrote, kept as evidence: an edit or a deletion does not change it. */
  text: z.string(),
  /** When it was first reported. */
  at: Timestamp,
  /** How many reported it. */
  count: z.int().check(z.positive()),
  /** The first of them. */
  complaints: z.array(Complaint),
  /** What became of it; missing while it is open. */
  resolution: z.optional(
    z.object({
      /** Who decided. */
      by: UserId,
      /** When. */
      at: Timestamp,
      /** `dismissed`: nothing is wrong with it. `deleted`: the message was removed. `acted`: something else was done about it. */
      action: openEnum(ReportAction, "acted"),
    }),
  ),
});
export type Report = z.infer<typeof Report>;
