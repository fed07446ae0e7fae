import * as z from "zod/mini";
import { ifReadable } from "./if-readable.js";
import { Limits } from "./limits.js";
import { DisplayName, Timestamp } from "./primitives.js";
import { WireUser } from "./user.js";

/**
 * What a client says of itself when it connects, in the `auth` of the Socket.IO handshake.
 * Unknown keys are dropped: a newer client that also speaks an older version may say more than that version knows.
 */
export const Handshake = z.object({
  /** The protocol versions it speaks. */
  protocol: z.array(z.int().check(z.positive())).check(z.minLength(1), z.maxLength(16)),
  /** What the application's `authenticate` is given. */
  token: z.optional(z.string().check(z.minLength(1), z.maxLength(8_192))),
  /** The signed identity a guest was given earlier, see `session:ready`. */
  guestToken: z.optional(z.string().check(z.minLength(1), z.maxLength(2_048))),
  /** What a guest wants to be called. */
  guestName: z.optional(DisplayName),
  /** Optional features it understands. */
  capabilities: z.optional(z.array(z.string().check(z.maxLength(64))).check(z.maxLength(64))),
});
export type Handshake = z.infer<typeof Handshake>;

/** Who the connection speaks for. */
export const Identity = z.object({
  /** The user, as the server knows them. */
  user: WireUser,
  /** Signed proof of a guest's identity; a client keeps it and shows it at the next handshake. */
  guestToken: z.optional(z.string()),
  /** When this ends, by the server's clock; a client shows a new token before. Nothing is done for it afterwards, and the connection ends. */
  expiresAt: ifReadable(Timestamp),
});
export type Identity = z.infer<typeof Identity>;

/** The server's first words; a client sends no command before them. */
export const SessionReady = z.extend(Identity, {
  /** The version that both will speak. */
  protocol: z.int().check(z.positive()),
  /** What the server refuses to exceed. */
  limits: Limits,
  /** The server's clock at this moment. */
  serverTime: Timestamp,
  /** Optional features the server offers. */
  capabilities: z.array(z.string()),
});
export type SessionReady = z.infer<typeof SessionReady>;
