import type { EventDefinitions, User } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import type { Logger } from "../logger.js";
import type { ServerLink } from "../server-link.js";
import type { Room } from "./room.js";

/** What a room works with. */
export interface RoomSurroundings {
  /** The address of the chat, without a slash at its end. */
  server: string;
  connection: ServerLink;
  clock: Clock;
  random: () => number;
  logger: Logger;
  /** The application's own events. */
  events: EventDefinitions | undefined;
  user(): User | undefined;
  onRelease(room: Room): void;
}
