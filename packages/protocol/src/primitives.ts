import * as z from "zod/mini";

// The compiled parsers of zod need `new Function`, which a page's Content-Security-Policy may report as a violation.
// The setting holds for every zod of the process, so a host's server is left as it is.
if (typeof document !== "undefined") z.config({ jitless: true });

/** What any screen can show and any store can keep: whole characters, no controls but tab and line feed, at most eight marks on a letter. */
function tidyText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[^\P{Cc}\t\n]/gu, "")
    .replaceAll(/(\p{M}{8})\p{M}+/gu, "$1");
}

function tidyLine(text: string): string {
  return tidyText(text)
    .replaceAll(/\p{Bidi_Control}/gu, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** What any system takes for the name of a file in a folder. */
function tidyFileName(name: string): string {
  return tidyLine(name.replaceAll(/[/\\:*?"<>|]/g, "_")).replace(/^\.+/, "");
}

const visible = /[^\s\p{Default_Ignorable_Code_Point}\u2800]/u;

// Zod's own `uuidv7` and `url` bring 0.7 kB more into a browser than a pattern.

/** A command's own name, made by the client: a UUID of version 7. The id of `message:send` is the message's id. */
export const CommandId = z.string().check(z.regex(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i));

/** Names a room; chosen by the application, without spaces and control characters. */
export const RoomId = z.string().check(z.minLength(1), z.maxLength(128), z.regex(/^[^\p{C}\s]+$/u));

/** Names a user; given by the application, or made by the server for a guest, without control characters. */
export const UserId = z.string().check(z.minLength(1), z.maxLength(128), z.regex(/^[^\p{C}]+$/u));

/** A place in a room's log; the first event has 1. */
export const Seq = z.int().check(z.positive());

/** How far a room's log has been read or written; 0 is before the first event. */
export const Position = z.int().check(
  z.nonnegative(),
  z.refine((value) => !Object.is(value, -0)),
);

/** Milliseconds since 1970, by the server's clock. */
export const Timestamp = z.int().check(z.nonnegative());

/** Names one life of a store; it differs when the store was replaced or restored. */
export const Epoch = z.string().check(z.minLength(1), z.maxLength(64));

/**
 * What a user wrote, with something to see in it. Lone surrogates, controls and heaps of combining marks are mended by
 * parsing. The exact bound is the server's `limits.textBytes`; this one only keeps nonsense out.
 */
export const Text = z.string().check(z.minLength(1), z.maxLength(65_536), z.overwrite(tidyText), z.regex(visible));

/** What a person is called, on one line. The exact bound is the server's `limits.nameLength`. */
export const DisplayName = z.string().check(z.minLength(1), z.maxLength(256), z.overwrite(tidyLine), z.regex(visible));

/** What a file is called, without a folder. Characters that some system does not take in names become `_`. */
export const FileName = z.string().check(z.minLength(1), z.maxLength(200), z.overwrite(tidyFileName), z.regex(visible));

const standardEmoji = /^\p{RGI_Emoji}$/v;
const newerEmoji = /^\p{Extended_Pictographic}\uFE0F?$/u;

/** One spelling per emoji, with or without the variation selector as Unicode recommends it; else one heart makes two heaps. */
function spellEmoji(value: string): string {
  return [value, `${value}\uFE0F`, value.replace(/\uFE0F$/, "")].find((spelling) => standardEmoji.test(spelling)) ?? value;
}

/** One emoji as a person sees it, which may be several code points. */
export const Emoji = z.string().check(
  z.minLength(1),
  z.maxLength(32),
  z.overwrite(spellEmoji),
  z.refine((value) => standardEmoji.test(value) || newerEmoji.test(value)),
);

/** The absolute address of a picture. */
export const PictureUrl = z.string().check(
  z.maxLength(2_048),
  z.regex(/^https?:\/\//i),
  z.refine((value) => URL.canParse(value)),
);
