import * as z from "zod/mini";
import { EventName } from "./app-event.js";
import { WireEvent } from "./event.js";
import { Position, RoomId, Seq } from "./primitives.js";
import { WhisperedData } from "./whisper.js";

/** The commands of the application's own events, beside `event:publish`, which is a write. */
export const eventCommands = {
  /** Tells everyone in the room an event that is only true now. Of one user and name the last one counts, and it may be lost. */
  "event:whisper": {
    input: z.strictObject({
      roomId: RoomId,
      /** An event of the application that does not last. */
      name: EventName,
      /** As the application's schema takes it: JSON of at most 1 KiB and eight levels. */
      data: WhisperedData,
    }),
    output: z.object({}),
  },
  /** Lasting events of one name, oldest first: the newest, or those before or after a place. */
  "event:read": {
    input: z
      .strictObject({
        roomId: RoomId,
        /** An event of the application that lasts. */
        name: EventName,
        /** Older than this place. */
        before: z.optional(Seq),
        /** Newer than this place. */
        after: z.optional(Position),
        /** How many at most; the server gives no more than `limits.pageSize`, nor more than 256 KiB. */
        limit: z.optional(z.int().check(z.positive(), z.maximum(1_000))),
      })
      .check(z.refine(({ before, after }) => before === undefined || after === undefined, "one of `before` and `after` at most")),
    output: z.object({
      /** Each an `event.published`. */
      events: z.array(WireEvent),
      /** True when there are more of them, further from the place that was asked for. */
      more: z.boolean(),
    }),
  },
} as const;
