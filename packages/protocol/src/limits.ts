import * as z from "zod/mini";

const count = () => z.int().check(z.positive());

/** The bounds a server enforces and announces in `session:ready`, so that a client can refuse early and say why. */
export const Limits = z.object({
  /** Bytes of one packet, all framing included. */
  packetBytes: count(),
  /** UTF-8 bytes of one message text. */
  textBytes: count(),
  /** Characters of a display name, as UTF-16 code units. */
  nameLength: count(),
  /** Different emoji on one message. */
  reactionsPerMessage: count(),
  /** Rooms open on one connection. */
  roomsPerConnection: count(),
  /** Commands in one `room:write`. */
  batchSize: count(),
  /** Messages or events in one answer. */
  pageSize: count(),
  /** What files may be sent; missing where none are taken. */
  uploads: z.optional(
    z.object({
      /** Bytes of one file. */
      fileBytes: count(),
      /** Files of one message. */
      filesPerMessage: count(),
      /** The media types that are taken. */
      types: z.array(z.string()),
    }),
  ),
});
export type Limits = z.infer<typeof Limits>;

/** The limits of a server that was told nothing else. 64 KiB a packet is OWASP's advice for WebSocket messages. */
export const defaultLimits: Omit<Limits, "uploads"> = {
  packetBytes: 65_536,
  textBytes: 16_384,
  nameLength: 64,
  reactionsPerMessage: 50,
  roomsPerConnection: 100,
  batchSize: 50,
  pageSize: 200,
};

/** How often signals are told and for how long they hold, in milliseconds; the same for every server and client. */
export const signalTiming = {
  /** A client repeats `typing:set` at most this often. */
  typingThrottleMs: 3_000,
  /** A receiver forgets a typist this long after the last word of them. */
  typingExpiryMs: 6_000,
  /** A server gathers changes of presence and receipts for this long. */
  coalesceMs: 1_000,
  /** A server tells the heads of open rooms at least this often. */
  headsMs: 10_000,
} as const;
