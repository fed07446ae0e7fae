import * as z from "zod/mini";
import { openEnum } from "./open-enum.js";
import { Timestamp } from "./primitives.js";
import { Profile } from "./user.js";

/** How a room is run; everybody in it may know. */
export const RoomSettings = z.object({
  /** What the room is called. */
  name: z.optional(z.string().check(z.maxLength(256))),
  /** What it is about. */
  topic: z.optional(z.string().check(z.maxLength(1_024))),
  /** Who may be in it: everybody, or its members. */
  access: openEnum(z.enum(["open", "private"]), "private"),
  /** Who may write in it. */
  writers: openEnum(z.enum(["everyone", "members", "moderators"]), "moderators"),
  /** While true, only those who may moderate it write. */
  isLocked: z.boolean(),
  /** How long one who wrote waits until they write again, in milliseconds; 0 when they need not. */
  slowModeMs: z.int().check(z.nonnegative()),
  /** For how many days its messages are kept; as long as everywhere when missing. Only the application sets it. */
  retentionDays: z.optional(z.number().check(z.positive())),
});
export type RoomSettings = z.infer<typeof RoomSettings>;

/** A room that nobody set anything for. */
export const defaultRoomSettings: RoomSettings = { access: "open", writers: "everyone", isLocked: false, slowModeMs: 0 };

/** What one person is to a room. */
export const Member = z.object({
  user: Profile,
  /** What they are in the room; missing when they do not belong to it. */
  role: z.optional(openEnum(z.enum(["member", "moderator"]), "member")),
  /** Until when they may not write. */
  mutedUntil: z.optional(Timestamp),
  /** Until when they may not be in it. */
  bannedUntil: z.optional(Timestamp),
});
export type Member = z.infer<typeof Member>;
