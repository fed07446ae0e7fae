import * as z from "zod/mini";

// The compiled parsers of zod need `new Function`, which a strict Content-Security-Policy reports as a violation.
z.config({ jitless: true });

/** A command's own name, made by the client: a UUID of version 7. The id of `message:send` is the message's id. */
export const CommandId = z.uuidv7();

/** Names a room; chosen by the application. */
export const RoomId = z.string().check(z.minLength(1), z.maxLength(128), z.regex(/^[^\p{C}\s]+$/u));

/** Names a user; given by the application, or made by the server for a guest. */
export const UserId = z.string().check(z.minLength(1), z.maxLength(128), z.regex(/^[^\p{C}]+$/u));

/** A place in a room's log; the first event has 1. */
export const Seq = z.int().check(z.positive());

/** How far a room's log has been read or written; 0 is before the first event. */
export const Position = z.int().check(z.nonnegative());

/** Milliseconds since 1970, by the server's clock. */
export const Timestamp = z.int().check(z.nonnegative());

/** Names one life of a store; it differs when the store was replaced or restored. */
export const Epoch = z.string().check(z.minLength(1), z.maxLength(64));

/** What a user wrote. The exact bound is the server's `limits.textBytes`; this one only keeps nonsense out. */
export const Text = z.string().check(z.minLength(1), z.maxLength(65_536), z.regex(/\S/));

const oneEmoji = /^(?:\p{RGI_Emoji}|\p{Extended_Pictographic}\uFE0F?)$/v;

/** One emoji as a person sees it, which may be several code points. */
export const Emoji = z.string().check(
  z.minLength(1),
  z.maxLength(32),
  z.refine((value) => oneEmoji.test(value)),
);

/** The absolute address of a picture. */
export const PictureUrl = z.url({ protocol: /^https?$/ }).check(z.maxLength(2_048));
