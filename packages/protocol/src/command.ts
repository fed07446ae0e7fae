import * as z from "zod/mini";
import { RoomEvent } from "./event.js";
import { Message } from "./message.js";
import { CommandId, Emoji, Position, RoomId, Seq, Text } from "./primitives.js";
import { CatchUp, Cursor, Joined, MessagePage } from "./room.js";
import { Handshake, Identity } from "./session.js";
import { WireError } from "./chat-error.js";

const limit = z.optional(z.int().check(z.positive(), z.maximum(1_000)));
const written = z.object({
  /** The event it became; missing when there was nothing to change. */
  event: z.optional(RoomEvent),
});

const write = { roomId: RoomId, id: CommandId };
const ofMessage = { ...write, messageId: CommandId };

/** The commands that write to a room's log. The same `id` has one effect, however often it is asked. */
export const writeCommands = {
  "message:send": { input: z.strictObject({ ...write, text: Text, replyTo: z.optional(CommandId) }), output: written },
  "message:edit": { input: z.strictObject({ ...ofMessage, text: Text }), output: written },
  "message:delete": { input: z.strictObject(ofMessage), output: written },
  "reaction:add": { input: z.strictObject({ ...ofMessage, emoji: Emoji }), output: written },
  "reaction:remove": { input: z.strictObject({ ...ofMessage, emoji: Emoji }), output: written },
} as const;
export type WriteCommandName = keyof typeof writeCommands;

const named = <N extends WriteCommandName>(name: N) => z.strictObject({ name: z.literal(name), input: writeCommands[name].input });

/** One write command as a member of a batch. */
const Write = z.discriminatedUnion("name", [
  named("message:send"),
  named("message:edit"),
  named("message:delete"),
  named("reaction:add"),
  named("reaction:remove"),
]);
export type Write = z.infer<typeof Write>;

/** How one write of a batch ended. */
export const WriteResult = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), data: written }),
  z.object({ ok: z.literal(false), error: WireError }),
]);
export type WriteResult = z.infer<typeof WriteResult>;

/** Everything that may be asked: name → what is given, what comes back. Each is acknowledged. */
export const commands = {
  ...writeCommands,
  /** Several writes to one room, done in order. The first that may be retried stops it; the rest answer `aborted`. */
  "room:write": {
    input: z
      .strictObject({ roomId: RoomId, writes: z.array(Write).check(z.minLength(1), z.maxLength(200)) })
      .check(z.refine(({ roomId, writes }) => writes.every((write) => write.input.roomId === roomId), "every write is to `roomId`")),
    output: z.object({ results: z.array(WriteResult) }),
  },
  /** Opens a room on this connection and says what was missed. Joining again is resuming. */
  "room:join": { input: z.strictObject({ roomId: RoomId, after: z.optional(Cursor), limit }), output: Joined },
  "room:leave": { input: z.strictObject({ roomId: RoomId }), output: z.object({}) },
  /** Mends a hole: the log after a cursor. */
  "room:sync": { input: z.strictObject({ roomId: RoomId, after: Cursor, limit }), output: CatchUp },
  /** Messages before, after or around a place; without any, the newest. */
  "history:read": {
    input: z
      .strictObject({ roomId: RoomId, before: z.optional(Seq), after: z.optional(Position), around: z.optional(Seq), limit })
      .check(z.refine(({ before, after, around }) => [before, after, around].filter((place) => place !== undefined).length <= 1, "one place at most")),
    output: MessagePage,
  },
  /** Single messages, for quotes of what is not on the screen; those that do not exist are left out. */
  "message:read": {
    input: z.strictObject({ roomId: RoomId, messageIds: z.array(CommandId).check(z.minLength(1), z.maxLength(50)) }),
    output: z.object({ messages: z.array(Message) }),
  },
  /** Moves the caller's read position forward; a lower one changes nothing. */
  "receipt:move": { input: z.strictObject({ roomId: RoomId, seq: Position }), output: z.object({}) },
  "typing:set": { input: z.strictObject({ roomId: RoomId, isTyping: z.boolean() }), output: z.object({}) },
  /** A new token, or a guest's new name, on a live connection. The user must stay the same. */
  "session:refresh": { input: z.strictObject({ token: Handshake.shape.token, guestName: Handshake.shape.guestName }), output: Identity },
} as const;

export type Commands = typeof commands;
export type CommandName = keyof Commands;
/** What a command is given. */
export type CommandInput<N extends CommandName> = z.infer<Commands[N]["input"]>;
/** What a command answers. */
export type CommandOutput<N extends CommandName> = z.infer<Commands[N]["output"]>;

/** The acknowledgement of a command. */
export type Reply<N extends CommandName> = { ok: true; data: CommandOutput<N> } | { ok: false; error: WireError };

/** The envelope of every acknowledgement; `data` is checked against the command's own output. */
export const ReplyEnvelope = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), data: z.unknown() }),
  z.object({ ok: z.literal(false), error: WireError }),
]);
