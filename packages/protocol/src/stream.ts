import * as z from "zod/mini";
import { CommandId, RoomId, Timestamp } from "./primitives.js";
import { Profile } from "./user.js";

/** A part of a message that is being written. */
export const StreamPart = z.object({
  /** The id that the message will have. */
  id: CommandId,
  /** Who writes it. */
  author: Profile,
  /** When it was begun. */
  startedAt: Timestamp,
  /** The message it answers. */
  replyTo: z.optional(CommandId),
  /** How many UTF-16 code units come before this part. */
  offset: z.int().check(z.nonnegative()),
  /** What follows on them; empty when it is only said that the writing goes on. */
  text: z.string(),
  /** True when it was given up, and no message will come of it. */
  isGivenUp: z.optional(z.boolean()),
});
export type StreamPart = z.infer<typeof StreamPart>;

/** What was written of messages since the last time. Each of them ends with a `message.sent` of the same id, or is heard of no more. */
export const MessageStreaming = z.object({
  roomId: RoomId,
  /** In the order they were written; of several messages, if several are being written. */
  parts: z.array(StreamPart),
});

/** How long after the last word of it a message that is being written is forgotten, and how often it is spoken of at least, in milliseconds. */
export const streamTiming = { expiryMs: 10_000, repeatMs: 3_000 } as const;

/** A text with another part of it; undefined when something between them is missing. A part that says nothing new changes nothing. */
export function withPart(text: string, { offset, text: part }: StreamPart): string | undefined {
  if (offset > text.length) return undefined;
  return offset + part.length > text.length ? text.slice(0, offset) + part : text;
}
