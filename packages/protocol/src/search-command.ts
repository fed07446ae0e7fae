import * as z from "zod/mini";
import { Message } from "./message.js";
import { RoomId, Seq, Timestamp, UserId } from "./primitives.js";

/** A part of a message's text, in UTF-16 code units: `text.slice(start, end)`. */
export const TextRange = z.object({
  /** Where it begins. */
  start: z.int().check(z.nonnegative()),
  /** Where it ends; what is there is not of it. */
  end: z.int().check(z.positive()),
});
export type TextRange = z.infer<typeof TextRange>;

/** Where a search goes on: with what was written before this message. */
export const SearchCursor = z.strictObject({
  /** One of the rooms searched. */
  roomId: RoomId,
  /** The place of the last message looked at. */
  seq: Seq,
});
export type SearchCursor = z.infer<typeof SearchCursor>;

/** One message that was found. */
export const SearchResult = z.object({
  /** The room it is in. */
  roomId: RoomId,
  /** As it reads now. */
  message: Message,
  /** What of its text was looked for: whole words, in order, without overlap. The first fifty. */
  highlights: z.array(TextRange),
});
export type SearchResult = z.infer<typeof SearchResult>;

/** The command that finds messages by their words. */
export const searchCommands = {
  /** Messages that have all of these words, in rooms that are open on this connection, newest first. */
  "message:search": {
    input: z.strictObject({
      /** Where to look. */
      roomIds: z.array(RoomId).check(z.minLength(1), z.maxLength(50)),
      /** At most twenty words, without regard to case and accents. The last one may go on, unless something follows it or it is a single letter of an alphabet; what is in double quotes, or written without a space, is found as it is written. There are no operators. */
      query: z.string().check(z.minLength(1), z.maxLength(200)),
      /** Only what this user wrote. */
      from: z.optional(UserId),
      /** Only what was sent before. */
      before: z.optional(Timestamp),
      /** Only what was sent then or later. */
      after: z.optional(Timestamp),
      /** From the page before. */
      cursor: z.optional(SearchCursor),
      /** How many at most; the server gives no more than fifty, nor more than 256 KiB, unless one alone is larger. */
      limit: z.optional(z.int().check(z.positive(), z.maximum(1_000))),
    }),
    output: z.object({
      /** Newest first. */
      results: z.array(SearchResult),
      /** Where to go on. Missing at the end; there may be less in a page than was asked for, or nothing, and more behind it. */
      next: z.optional(SearchCursor),
    }),
  },
} as const;
