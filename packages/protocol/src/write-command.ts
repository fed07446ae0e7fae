import * as z from "zod/mini";
import { EventName, PublishedData } from "./app-event.js";
import { RoomEvent } from "./event.js";
import { said } from "./message.js";
import { CommandId, Emoji, RoomId, Text, UserId } from "./primitives.js";
import { Refusal } from "./reply.js";

/** What a write answers. */
export const Written = z.object({
  /** The event it became; missing when there was nothing to change. */
  event: z.optional(RoomEvent),
});

const write = {
  roomId: RoomId,
  /** The command's own id; asking again with the same one changes nothing. */
  id: CommandId,
};

/** What every change of a message is given. */
export const ofMessage = {
  ...write,
  /** The message it is about. */
  messageId: CommandId,
};

/** Everyone a text mentions, by id. The server does not look for them in the text. */
const mentions = z.optional(
  z.array(UserId).check(
    z.minLength(1),
    z.maxLength(50),
    z.refine((ids) => new Set(ids).size === ids.length, "each at most once"),
  ),
);

const hasContent = z.refine<{ text: string; attachments?: readonly unknown[] | undefined }>(({ text, attachments }) => text !== "" || attachments !== undefined, "a message has a text or attachments");

/** The commands that write to a room's log. The same `id` has one effect, however often it is asked. */
export const writeCommands = {
  /** Says something in a room. The command's id becomes the message's. */
  "message:send": {
    input: z
      .strictObject({
      ...write,
      /** May be empty beside attachments. */
      text: z.union([z.literal(""), Text]),
      /** The users it mentions, at most 50. */
      mentions,
      /** The message it answers, of the same room. */
      replyTo: z.optional(CommandId),
      /** The root of the thread it is for: a message of the same room that is in no thread itself. */
      threadId: z.optional(CommandId),
      /** Shows it among the room's messages as well; only with `threadId`. */
      alsoInRoom: z.optional(z.literal(true)),
      /** What the application shows beside the text; of a type that its server allows users to send. */
      data: said.data,
      /** The sender's own finished uploads to this room, each in one message at most. */
      attachments: z.optional(z.array(z.strictObject({ uploadId: CommandId })).check(z.minLength(1), z.maxLength(10))),
      })
      .check(hasContent),
    output: Written,
  },
  /** Gives a message a new text. */
  "message:edit": {
    input: z.strictObject({
      ...ofMessage,
      text: Text,
      /** The users the new text mentions, at most 50; without it, nobody any more. */
      mentions,
    }),
    output: Written,
  },
  /** Removes a message for good; its text is scrubbed from the log as well. */
  "message:delete": {
    input: z.strictObject({
      ...ofMessage,
      /** Why a message of somebody else is deleted, at most 200 characters; everybody in the room reads it. */
      publicReason: z.optional(Text.check(z.maxLength(200))),
      /** Why, where it is somebody else's message; for the audit log alone. */
      reason: z.optional(z.string().check(z.minLength(1), z.maxLength(1_000))),
    }),
    output: Written,
  },
  /** Sets the caller's emoji on a message. */
  "reaction:add": { input: z.strictObject({ ...ofMessage, emoji: Emoji }), output: Written },
  /** Takes the caller's emoji off a message. */
  "reaction:remove": { input: z.strictObject({ ...ofMessage, emoji: Emoji }), output: Written },
  /** Writes a lasting event of the application to the room's log. */
  "event:publish": {
    input: z.strictObject({
      ...write,
      /** An event of the application that lasts. */
      name: EventName,
      /** As the application's schema takes it: JSON of at most 8 KiB and eight levels. */
      data: PublishedData,
    }),
    output: Written,
  },
} as const;
export type WriteCommandName = keyof typeof writeCommands;

const named = <N extends WriteCommandName, I extends z.ZodMiniType>(name: N, { input }: { input: I }) =>
  z.strictObject({
    /** The command's name. */
    name: z.literal(name),
    /** What the command is given. */
    input,
  });

/** One write command as a member of a batch. */
export const Write = z.discriminatedUnion("name", [
  named("message:send", writeCommands["message:send"]),
  named("message:edit", writeCommands["message:edit"]),
  named("message:delete", writeCommands["message:delete"]),
  named("reaction:add", writeCommands["reaction:add"]),
  named("reaction:remove", writeCommands["reaction:remove"]),
  named("event:publish", writeCommands["event:publish"]),
]);
export type Write = z.infer<typeof Write>;

/** How one write of a batch ended. */
export const WriteResult = z.discriminatedUnion("ok", [
  z.object({
    /** It is done. */
    ok: z.literal(true),
    /** What the command answers. */
    data: Written,
  }),
  Refusal,
]);
export type WriteResult = z.infer<typeof WriteResult>;
