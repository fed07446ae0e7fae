import * as z from "zod/mini";
import { WireError } from "./chat-error.js";

/** The answer to a command that was refused, or not tried. */
export const Refusal = z.object({
  /** It is refused, or was not tried. */
  ok: z.literal(false),
  /** Why. */
  error: WireError,
});

/** The envelope of every acknowledgement; `data` is checked against the command's own output. */
export const ReplyEnvelope = z.discriminatedUnion("ok", [
  z.object({
    /** It is done. */
    ok: z.literal(true),
    /** What the command answers. */
    data: z.unknown(),
  }),
  Refusal,
]);
