import * as z from "zod/mini";
import { WireEvent } from "./event.js";
import { Message, Receipt } from "./message.js";
import { openEnum, openList } from "./open-enum.js";
import { Epoch, Position } from "./primitives.js";
import { Member, RoomSettings } from "./room-settings.js";
import { Profile } from "./user.js";

/** Where a reader stands: it has applied every event up to `seq` of the store's life `epoch`. */
export const Cursor = z.strictObject({
  /** The life of the store it counts in. */
  epoch: Epoch,
  /** The last event applied without a hole before it. */
  seq: Position,
});
export type Cursor = z.infer<typeof Cursor>;

/** What a user may do in a room; the server decides again at every command. */
export const Permission = z.enum(["read", "send", "attach", "react", "edit-own", "delete-own", "delete-any", "pin", "read-history", "moderate", "manage-room", "manage-members", "open-direct", "publish"]);
export type Permission = z.infer<typeof Permission>;

/** Who has the room open. */
export const Presence = z.object({
  /** People, not connections. */
  count: z.int().check(z.nonnegative()),
  /** At most 200 of them. */
  users: z.array(Profile),
});
export type Presence = z.infer<typeof Presence>;

const head = {
  /** The life of the store. */
  epoch: Epoch,
  /** Where the log ends. */
  head: Position,
};

/** The log after a cursor, oldest first; `more` when another page follows. */
const Continuation = z.object({
  ...head,
  /** The reader goes on from its cursor. */
  kind: z.literal("events"),
  /** What it missed, in order. */
  events: z.array(WireEvent),
  /** True when it is not all; ask `room:sync` for the rest. */
  more: z.boolean(),
});

/** The newest messages as they read at `head`, for a reader without a cursor, or whose cursor the log cannot serve. */
const Snapshot = z.object({
  ...head,
  /** The reader starts anew. */
  kind: z.literal("snapshot"),
  /** `first`: no cursor was given. `epoch`: the store is another one. `ahead`: the cursor is beyond the log. `trimmed`: the log no longer reaches back. `far`: the way is too long to replay. */
  reason: openEnum(z.enum(["first", "epoch", "ahead", "trimmed", "far"]), "trimmed"),
  /** Oldest first. */
  messages: z.array(Message),
  /** True when `history:read` gives more. */
  hasOlder: z.boolean(),
});

/** How a reader gets up to date: the events it missed, or a fresh start. */
export const CatchUp = z.discriminatedUnion("kind", [Continuation, Snapshot]);
export type CatchUp = z.infer<typeof CatchUp>;

/** What a reader learns on joining a room. */
export const Joined = z.object({
  /** What it missed. */
  catchUp: CatchUp,
  /** How far everyone has read. */
  receipts: z.array(Receipt),
  /** Who is here. */
  presence: Presence,
  /** What the caller may do here; one that a client does not know is left out. */
  permissions: openList(Permission),
  /** How the room is run. */
  settings: RoomSettings,
  /** What the caller is to the room; missing when there is nothing to say. */
  member: z.optional(Member),
});
export type Joined = z.infer<typeof Joined>;

/** A stretch of messages as they read at `asOf`, oldest first. */
export const MessagePage = z.object({
  /** The life of the store. */
  epoch: Epoch,
  /** Every event up to here is in the messages. */
  asOf: Position,
  /** Oldest first. */
  messages: z.array(Message),
  /** True when there are messages before the first. */
  hasOlder: z.boolean(),
  /** True when there are messages after the last. */
  hasNewer: z.boolean(),
});
export type MessagePage = z.infer<typeof MessagePage>;
