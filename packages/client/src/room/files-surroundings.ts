import type { Clock } from "../clock.js";
import type { ServerLink } from "../server-link.js";

/** What sending and fetching files works with. */
export interface FilesSurroundings {
  /** The address of the chat, without a slash at its end. */
  server: string;
  connection: ServerLink;
  clock: Clock;
  random: () => number;
}
