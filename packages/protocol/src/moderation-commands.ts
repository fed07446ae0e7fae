import * as z from "zod/mini";
import { AuditEntry, Report, ReportAction, ReportReason } from "./moderation.js";
import { CommandId, RoomId, UserId } from "./primitives.js";
import { Written } from "./write-command.js";

const because = {
  /** Why, in the words of who does it. For the audit log alone: neither the room nor whom it is about is told. */
  reason: z.optional(z.string().check(z.minLength(1), z.maxLength(1_000))),
};

const aboutMember = {
  roomId: RoomId,
  /** The command's own id; asking again with the same one changes nothing. */
  id: CommandId,
  /** The person it is about. */
  userId: UserId,
  ...because,
};

const aWhile = {
  /** For how long, in milliseconds, up to ten years; for good when left out. */
  forMs: z.optional(z.int().check(z.positive(), z.maximum(315_360_000_000))),
};

const page = {
  /** Only about this room; those who moderate the whole chat may leave it out. */
  roomId: z.optional(RoomId),
  /** How many at most; the server gives no more than `limits.pageSize`. */
  limit: z.optional(z.int().check(z.positive(), z.maximum(1_000))),
};

/** The commands by which a chat is kept decent. */
export const moderationCommands = {
  /** Shows a message to those who moderate the room. Each user reports a text once; who reported it is told to moderators alone. */
  "message:report": {
    input: z.strictObject({
      roomId: RoomId,
      /** The message. */
      messageId: CommandId,
      /** Why. */
      reason: ReportReason,
      /** More, in the words of the one who reports. */
      note: z.optional(z.string().check(z.minLength(1), z.maxLength(500))),
    }),
    output: z.object({}),
  },
  /** The reports that nobody has decided about yet, the oldest first. */
  "report:list": {
    input: z.strictObject({
      ...page,
      /** Only those after the report of this id. */
      after: z.optional(CommandId),
    }),
    output: z.object({
      /** As many as fit. */
      reports: z.array(Report),
      /** Given when there may be more: ask for those after it. */
      next: z.optional(CommandId),
    }),
  },
  /** Decides about a report, which leaves the list. With `deleted` the message is deleted too, if it still is there. */
  "report:resolve": {
    input: z.strictObject({
      roomId: RoomId,
      /** The command's own id, and that of the deletion; asking again with the same one changes nothing. */
      id: CommandId,
      /** The report. */
      reportId: CommandId,
      /** What is decided. */
      action: ReportAction,
      ...because,
    }),
    output: z.object({
      /** The report as it is now. */
      report: Report,
    }),
  },
  /** What was done to keep the chat decent, the newest first. */
  "audit:read": {
    input: z.strictObject({
      ...page,
      /** Only those before the entry of this id. */
      before: z.optional(CommandId),
    }),
    output: z.object({
      /** As many as were asked for, if there are so many. */
      entries: z.array(AuditEntry),
      /** Given when there may be more: ask for those before it. */
      next: z.optional(CommandId),
    }),
  },
  /** Lets somebody write nothing in a room for a while. */
  "member:mute": { input: z.strictObject({ ...aboutMember, ...aWhile }), output: Written },
  /** Lets them write again. */
  "member:unmute": { input: z.strictObject(aboutMember), output: Written },
  /** Puts somebody out of a room and keeps them out for a while. */
  "member:ban": { input: z.strictObject({ ...aboutMember, ...aWhile }), output: Written },
  /** Lets them come back. */
  "member:unban": { input: z.strictObject(aboutMember), output: Written },
  /** Puts somebody out of a room; ten seconds later they may come back. */
  "member:kick": { input: z.strictObject(aboutMember), output: Written },
} as const;
