import * as z from "zod/mini";
import { CommandId, DisplayName, Epoch, Position, RoomId, Timestamp, UserId } from "./primitives.js";
import { Member, RoomSettings } from "./room-settings.js";
import { Written } from "./write-command.js";

const change = {
  roomId: RoomId,
  /** The command's own id; asking again with the same one changes nothing. */
  id: CommandId,
};

const ofMember = {
  ...change,
  /** The person it is about. */
  userId: UserId,
};

const limit = z.optional(z.int().check(z.positive(), z.maximum(1_000)));

/** New settings of a room; those that are left out stay as they are, and null takes a name or a topic away. */
export const RoomPatch = z.strictObject({
  /** What the room is called. */
  name: z.optional(z.nullable(DisplayName)),
  /** What it is about. */
  topic: z.optional(z.nullable(z.string().check(z.maxLength(1_024)))),
  /** Who may be in it: everybody, or its members. */
  access: z.optional(z.enum(["open", "private"])),
  /** Who may write in it. */
  writers: z.optional(z.enum(["everyone", "members", "moderators"])),
  /** While true, only those who may moderate it write. */
  isLocked: z.optional(z.boolean()),
  /** How long one who wrote waits until they write again, in milliseconds, up to a day; 0 when they need not. */
  slowModeMs: z.optional(z.int().check(z.nonnegative(), z.maximum(86_400_000))),
});
export type RoomPatch = z.infer<typeof RoomPatch>;

/** A room that somebody belongs to, as a list of rooms shows it. */
export const ListedRoom = z.object({
  roomId: RoomId,
  /** How it is run. */
  settings: RoomSettings,
  /** What the caller is to it. */
  member: Member,
  /** The life of the store. */
  epoch: Epoch,
  /** Where its log ends. */
  head: Position,
  /** How far the caller has read. */
  readSeq: Position,
  /** Messages of others after that, counted up to 100. */
  unreadCount: z.int().check(z.nonnegative()),
  /** How many of the unread messages mention the caller, counted up to 100. */
  unreadMentionCount: z.int().check(z.nonnegative()),
});
export type ListedRoom = z.infer<typeof ListedRoom>;

/** The commands about rooms and who belongs to them. */
export const roomCommands = {
  /** Changes how a room is run. */
  "room:update": {
    input: z.strictObject({
      ...change,
      /** What is to be different. */
      settings: RoomPatch,
    }),
    output: Written,
  },
  /** The rooms that the caller belongs to, in the order of their ids. */
  "room:list": {
    input: z.strictObject({
      /** Only those after this one. */
      after: z.optional(RoomId),
      /** How many at most; the server gives no more than `limits.pageSize`. */
      limit,
    }),
    output: z.object({
      /** In the order of their ids. */
      rooms: z.array(ListedRoom),
      /** Given when there may be more: ask for those after it. A page may be short, or empty. */
      next: z.optional(RoomId),
    }),
  },
  /** Who belongs to a room, in the order of their ids. */
  "room:members": {
    input: z.strictObject({
      roomId: RoomId,
      /** Only those after this one. */
      after: z.optional(UserId),
      /** How many at most; the server gives no more than `limits.pageSize`. */
      limit,
    }),
    output: z.object({
      /** In the order of their ids. */
      members: z.array(Member),
      /** Given when there may be more: ask for those after it. A page may be short, or empty. */
      next: z.optional(UserId),
    }),
  },
  /** Opens the private room of the caller and one other; the same two always have the same one. */
  "room:open-direct": {
    input: z.strictObject({
      /** The other one. */
      userId: UserId,
    }),
    output: z.object({ roomId: RoomId }),
  },
  /** Opens the private room of the caller and those who moderate; the same user always has the same one. */
  "room:open-support": { input: z.strictObject({}), output: z.object({ roomId: RoomId }) },
  /** Makes somebody a member of a room. */
  "member:add": { input: z.strictObject(ofMember), output: Written },
  /** Ends somebody's membership. */
  "member:remove": { input: z.strictObject(ofMember), output: Written },
  /** Changes what a member is in the room. */
  "member:set-role": {
    input: z.strictObject({
      ...ofMember,
      /** What they are from now on. */
      role: z.enum(["member", "moderator"]),
    }),
    output: Written,
  },
  /** Ends the caller's own membership. */
  "member:leave": { input: z.strictObject(change), output: Written },
  /** Makes a code by which others become members of a room. Whoever has it may use it: it is given to those who are invited and nobody else. */
  "invite:create": {
    input: z.strictObject({
      roomId: RoomId,
      /** For how long it is good, in milliseconds, up to 30 days; 7 days when left out. */
      validMs: z.optional(z.int().check(z.positive(), z.maximum(2_592_000_000))),
      /** How many people may use it; any number when left out. */
      uses: z.optional(z.int().check(z.positive(), z.maximum(100_000))),
    }),
    output: z.object({
      /** The secret that invites; the server does not keep it. */
      code: z.string(),
      /** Until when it is good. */
      expiresAt: Timestamp,
    }),
  },
  /** Makes the caller a member of the room that they are invited to. */
  "invite:accept": {
    input: z.strictObject({
      /** The command's own id; asking again with the same one changes nothing. */
      id: CommandId,
      /** What `invite:create` gave. */
      code: z.string().check(z.minLength(1), z.maxLength(256)),
    }),
    output: z.object({ roomId: RoomId }),
  },
} as const;
