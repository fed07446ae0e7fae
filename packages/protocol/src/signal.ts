import * as z from "zod/mini";
import { RoomEvents } from "./event.js";
import { Receipt } from "./message.js";
import { Epoch, Position, RoomId, UserId } from "./primitives.js";
import { SessionReady } from "./session.js";
import { Profile } from "./user.js";

/** What is only true now. A signal has no number and is never repeated; the last one wins. */
export const signals = {
  /** Everyone who is typing, up to five by name. */
  "typing:changed": z.object({ roomId: RoomId, users: z.array(Profile), count: z.int().check(z.nonnegative()) }),
  /** Who came and went since the last one; `count` is the whole number of people. */
  "presence:changed": z.object({
    roomId: RoomId,
    count: z.int().check(z.nonnegative()),
    joined: z.array(Profile),
    left: z.array(UserId),
  }),
  /** The read positions that moved. */
  "receipt:moved": z.object({ roomId: RoomId, receipts: z.array(Receipt) }),
} as const;

/** Where the logs of open rooms end; a reader behind one asks `room:sync`. */
export const RoomHeads = z.object({ heads: z.array(z.object({ roomId: RoomId, epoch: Epoch, seq: Position })) });
export type RoomHeads = z.infer<typeof RoomHeads>;

/** The server is about to close this connection on purpose. */
export const GoingAway = z.object({ retryAfterMs: z.number().check(z.nonnegative()) });
export type GoingAway = z.infer<typeof GoingAway>;

/** Everything a server says unasked: name → what it carries. */
export const serverEvents = {
  "session:ready": SessionReady,
  "session:going-away": GoingAway,
  "room:events": RoomEvents,
  "room:heads": RoomHeads,
  ...signals,
} as const;

export type SignalName = keyof typeof signals;
export type Signal<N extends SignalName> = z.infer<(typeof signals)[N]>;
export type ServerEventName = keyof typeof serverEvents;
export type ServerEvent<N extends ServerEventName> = z.infer<(typeof serverEvents)[N]>;
