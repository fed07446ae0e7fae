import * as z from "zod/mini";
import { WireEvent } from "./event.js";
import { Message, Receipt } from "./message.js";
import { openEnum, openList } from "./open-enum.js";
import { Epoch, Position } from "./primitives.js";
import { Profile } from "./user.js";

/** Where a reader stands: it has applied every event up to `seq` of the store's life `epoch`. */
export const Cursor = z.strictObject({ epoch: Epoch, seq: Position });
export type Cursor = z.infer<typeof Cursor>;

/** What a user may do in a room; the server decides again at every command. */
export const Permission = z.enum(["read", "send", "react", "edit-own", "delete-own", "delete-any"]);
export type Permission = z.infer<typeof Permission>;

/** Who has the room open. */
export const Presence = z.object({
  /** People, not connections. */
  count: z.int().check(z.nonnegative()),
  /** At most 200 of them. */
  users: z.array(Profile),
});
export type Presence = z.infer<typeof Presence>;

const head = { epoch: Epoch, head: Position };

/** The log after a cursor, oldest first; `more` when another page follows. */
const Continuation = z.object({ ...head, kind: z.literal("events"), events: z.array(WireEvent), more: z.boolean() });

/** The newest messages as they read at `head`, for a reader without a cursor, or whose cursor the log cannot serve. */
const Snapshot = z.object({
  ...head,
  kind: z.literal("snapshot"),
  /** `first`: no cursor was given. `epoch`: the store is another one. `ahead`: the cursor is beyond the log. `trimmed`: the log no longer reaches back. `far`: the way is too long to replay. */
  reason: openEnum(z.enum(["first", "epoch", "ahead", "trimmed", "far"]), "trimmed"),
  /** Oldest first. */
  messages: z.array(Message),
  hasOlder: z.boolean(),
});

/** How a reader gets up to date: the events it missed, or a fresh start. */
export const CatchUp = z.discriminatedUnion("kind", [Continuation, Snapshot]);
export type CatchUp = z.infer<typeof CatchUp>;

/** What a reader learns on joining a room. */
export const Joined = z.object({
  catchUp: CatchUp,
  receipts: z.array(Receipt),
  presence: Presence,
  /** What the caller may do here; one that a client does not know is left out. */
  permissions: openList(Permission),
});
export type Joined = z.infer<typeof Joined>;

/** A stretch of messages as they read at `asOf`, oldest first. */
export const MessagePage = z.object({
  epoch: Epoch,
  asOf: Position,
  messages: z.array(Message),
  hasOlder: z.boolean(),
  hasNewer: z.boolean(),
});
export type MessagePage = z.infer<typeof MessagePage>;
