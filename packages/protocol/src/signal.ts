import * as z from "zod/mini";
import { RoomEvents } from "./event.js";
import { Receipt } from "./message.js";
import { openList } from "./open-enum.js";
import { Epoch, Position, RoomId, UserId, Timestamp } from "./primitives.js";
import { Permission } from "./room.js";
import { SessionReady } from "./session.js";
import { MessageStreaming } from "./stream.js";
import { Profile } from "./user.js";
import { Whispered } from "./whisper.js";

/** What every screen shows of what is only true now. A signal has no number and is never repeated; the last one wins. */
export const coreSignals = {
  /** Everyone who is typing, up to five by name. */
  "typing:changed": z.object({
    roomId: RoomId,
    /** Up to five of them. */
    users: z.array(Profile),
    /** All of them. */
    count: z.int().check(z.nonnegative()),
  }),
  /** Who came and went since the last one; `count` is the whole number of people. */
  "presence:changed": z.object({
    roomId: RoomId,
    /** All people who have the room open. */
    count: z.int().check(z.nonnegative()),
    /** Who came. */
    joined: z.array(Profile),
    /** Who went. */
    left: z.array(UserId),
  }),
  /** The read positions that moved. */
  "receipt:moved": z.object({
    roomId: RoomId,
    /** The new positions. */
    receipts: z.array(Receipt),
  }),
} as const;

/** All signals: those of features that a page may do without are read by the part of a client that knows them. */
export const signals = /* @__PURE__ */ (() => ({
  ...coreSignals,
  /** Events of the application that are only true now: of each user and name the last one. */
  "event:whispered": Whispered,
  /** What was written of messages that grow as they are read. */
  "message:streaming": MessageStreaming,
}) as const)();

/** Where the logs of open rooms end; a reader behind one asks `room:sync`. */
export const RoomHeads = z.object({
  /** One or more of the rooms that are open on this connection; each is told of again and again, alone or with others. */
  heads: z.array(
    z.object({
      roomId: RoomId,
      epoch: Epoch,
      /** Where its log ends. */
      seq: Position,
    }),
  ),
});
export type RoomHeads = z.infer<typeof RoomHeads>;

/** What the user may do from now on in a room that is open; nothing at all when it was closed, since they may not be in it any more. */
export const RoomPermissions = z.object({
  roomId: RoomId,
  /** One that a client does not know is left out. */
  permissions: openList(Permission),
});
export type RoomPermissions = z.infer<typeof RoomPermissions>;

/** The server is about to close this connection on purpose. */
export const GoingAway = z.object({
  /** Connect again after this long, in milliseconds. */
  retryAfterMs: z.number().check(z.nonnegative()),
});
export type GoingAway = z.infer<typeof GoingAway>;

/** What a server says unasked that every page has to understand: name → what it carries. */
export const coreServerEvents = {
  /** The server's first words: who the connection speaks for, and the limits. A client sends no command before them. */
  "session:ready": SessionReady,
  /** The server is about to close this connection on purpose. */
  "session:going-away": GoingAway,
  /** What was written to a room's log, to everyone who has the room open. */
  "room:events": RoomEvents,
  /** A message was reported or flagged, to those who may moderate its room: `report:list` has it. */
  "report:filed": z.object({
    /** When. */
    at: Timestamp,
    /** The room, to those who have it open. */
    roomId: z.optional(RoomId),
  }),
  /** Where the logs of open rooms end, at least every ten seconds; a reader behind one asks `room:sync`. */
  "room:heads": RoomHeads,
  /** What the user may do in an open room is another than they were told, to them alone. When it is nothing, the room is closed on this connection. */
  "room:permissions": RoomPermissions,
  ...coreSignals,
} as const;

/** Everything a server says unasked. */
export const serverEvents = /* @__PURE__ */ (() => ({ ...coreServerEvents, ...signals }) as const)();

export type SignalName = keyof typeof signals;
export type Signal<N extends SignalName> = z.infer<(typeof signals)[N]>;
export type CoreServerEventName = keyof typeof coreServerEvents;
export type ServerEventName = keyof typeof serverEvents;
export type ServerEvent<N extends ServerEventName> = z.infer<(typeof serverEvents)[N]>;
