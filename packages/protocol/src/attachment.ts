import * as z from "zod/mini";
import { ifReadable } from "./if-readable.js";
import { CommandId } from "./primitives.js";

const count = z.int().check(z.positive());

/** A file of a message, as the server found it when it looked inside. Its address is asked for with `upload:read`. */
export const Attachment = z.object({
  /** The id of its upload. */
  id: CommandId,
  /** What it is called, with the ending of its type. */
  name: z.string(),
  /** What it is, by its content: a media type such as `image/png`. */
  type: z.string(),
  /** Bytes. */
  size: count,
  /** Pixels across, of a picture as it is shown. */
  width: z.optional(count),
  /** Pixels down. */
  height: z.optional(count),
  /** A picture of a few pixels to show until the file is there, as a `data:` address. */
  preview: ifReadable(z.string().check(z.maxLength(2_048), z.regex(/^data:image\/webp;base64,/))),
});
export type Attachment = z.infer<typeof Attachment>;
