import * as z from "zod/mini";
import type { WireError } from "./chat-error.js";
import { eventCommands } from "./event-command.js";
import { Message } from "./message.js";
import { moderationCommands } from "./moderation-commands.js";
import { pinCommands } from "./pin-command.js";
import { CommandId, Position, RoomId, Seq } from "./primitives.js";
import { CatchUp, Cursor, Joined, MessagePage } from "./room.js";
import { roomCommands } from "./room-commands.js";
import { searchCommands } from "./search-command.js";
import { Handshake, Identity } from "./session.js";
import { threadCommands } from "./thread-command.js";
import { versionCommands } from "./version-command.js";
import { uploadCommands } from "./upload-command.js";
import { streamCommands } from "./stream-command.js";
import { Write, WriteResult, writeCommands } from "./write-command.js";

const page = {
  /** How many at most; the server gives no more than `limits.pageSize`, nor more than 256 KiB, unless one alone is larger. */
  limit: z.optional(z.int().check(z.positive(), z.maximum(1_000))),
};

const areInOneRoom = z.refine<{ roomId: string; writes: Write[] }>(
  ({ roomId, writes }) => writes.every((write) => write.input.roomId === roomId),
  "every write is to `roomId`",
);

const isOnePlace = z.refine<{ before?: number | undefined; after?: number | undefined; around?: number | undefined }>(
  ({ before, after, around }) => [before, after, around].filter((place) => place !== undefined).length <= 1,
  "one of `before`, `after` and `around` at most",
);

/** The commands that showing a room and writing to it takes: name → what is given, what comes back. Each is acknowledged. */
export const coreCommands = {
  ...writeCommands,
  /** Several writes to one room, done in order. The first that may be retried stops it; the rest answer `aborted`. */
  "room:write": {
    input: z
      .strictObject({
        roomId: RoomId,
        /** Each to this same room, at most `limits.batchSize`. */
        writes: z.array(Write).check(z.minLength(1), z.maxLength(200)),
      })
      .check(areInOneRoom),
    output: z.object({
      /** One for each write, in the same order. */
      results: z.array(WriteResult),
    }),
  },
  /** Opens a room on this connection and says what was missed. Joining again is resuming. */
  "room:join": {
    input: z.strictObject({
      roomId: RoomId,
      /** Where the reader stands; without it the answer is a snapshot. */
      after: z.optional(Cursor),
      ...page,
    }),
    output: Joined,
  },
  /** Closes a room on this connection. */
  "room:leave": { input: z.strictObject({ roomId: RoomId }), output: z.object({}) },
  /** Mends a hole: the log after a cursor. */
  "room:sync": {
    input: z.strictObject({
      roomId: RoomId,
      /** Where the reader stands. */
      after: Cursor,
      ...page,
    }),
    output: CatchUp,
  },
  /** Messages before, after or around one place; without any of the three, the newest. */
  "history:read": {
    input: z
      .strictObject({
        roomId: RoomId,
        /** Older than this place. */
        before: z.optional(Seq),
        /** Newer than this place. */
        after: z.optional(Position),
        /** On both sides of this place. */
        around: z.optional(Seq),
        /** The replies of the thread with this root; without it, the messages of the room without those that are only in threads. */
        threadId: z.optional(CommandId),
        ...page,
      })
      .check(isOnePlace),
    output: MessagePage,
  },
  /** Single messages, for quotes of what is not on the screen; those that do not exist are left out. */
  "message:read": {
    input: z.strictObject({
      roomId: RoomId,
      /** The messages' ids. */
      messageIds: z.array(CommandId).check(z.minLength(1), z.maxLength(50)),
    }),
    output: z.object({
      /** Those that exist, as they read now, and no more than 256 KiB of them unless one alone is larger: when any came, ask again for those that did not. */
      messages: z.array(Message),
    }),
  },
  /** Moves the caller's read position forward; a lower one changes nothing. */
  "receipt:move": {
    input: z.strictObject({
      roomId: RoomId,
      /** Everything up to here is read. */
      seq: Position,
    }),
    output: z.object({}),
  },
  /** Tells whether the caller is typing; repeated every three seconds while they are. */
  "typing:set": {
    input: z.strictObject({
      roomId: RoomId,
      /** False takes it back at once. */
      isTyping: z.boolean(),
    }),
    output: z.object({}),
  },
  /** A new token, or a guest's new name, on a live connection. The user must stay the same: for another the answer is `forbidden`, and the connection ends. */
  "session:refresh": {
    input: z.strictObject({
      /** The new token, for the application's `authenticate`. */
      token: Handshake.shape.token,
      /** What a guest wants to be called from now on. */
      guestName: Handshake.shape.guestName,
    }),
    output: Identity,
  },
} as const;
export type CoreCommandName = keyof typeof coreCommands;

/** Everything that may be asked. A page that loads little at first takes the commands of a feature when it needs them. */
// Marked as pure: a bundler cannot know that spreading has no effect, and would keep every feature in what is loaded first.
export const commands = /* @__PURE__ */ (() => ({
  ...coreCommands,
  ...roomCommands,
  ...searchCommands,
  ...pinCommands,
  ...threadCommands,
  ...versionCommands,
  ...uploadCommands,
  ...moderationCommands,
  ...eventCommands,
  ...streamCommands,
}) as const)();

export type Commands = typeof commands;
export type CommandName = keyof Commands;
/** What a command is given. */
export type CommandInput<N extends CommandName> = z.infer<Commands[N]["input"]>;
/** What a command answers. */
export type CommandOutput<N extends CommandName> = z.infer<Commands[N]["output"]>;

/** The acknowledgement of a command. */
export type Reply<N extends CommandName> = { ok: true; data: CommandOutput<N> } | { ok: false; error: WireError };
