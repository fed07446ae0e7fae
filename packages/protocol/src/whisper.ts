import * as z from "zod/mini";
import { EventName } from "./app-event.js";
import { boundedJson } from "./bounded-json.js";
import { RoomId } from "./primitives.js";
import { Profile } from "./user.js";

/** What an event of the application that is only true now may carry. */
export const WhisperedData = boundedJson(1_024);

/** An event of the application that is only true now. */
export const Whisper = z.object({
  /** The event's name. */
  name: EventName,
  /** Who whispered. */
  author: Profile,
  /** As the application's schema takes it, at most 1 KiB. */
  data: z.unknown(),
});
export type Whisper = z.infer<typeof Whisper>;

/** Events of the application that are only true now: of each user and name the last one. */
export const Whispered = z.object({
  roomId: RoomId,
  /** In the order they were whispered. */
  whispers: z.array(Whisper),
});
