/** What becomes of bytes on their way in one direction. */
export interface Conditions {
  /** How long each chunk takes at least, and by how much longer at most, in milliseconds. */
  latencyMs: number;
  jitterMs: number;
  /** How much passes in a second on one connection. */
  bytesPerSecond: number;
  /** Swallow everything, and let nobody know. */
  isDead: boolean;
}

/** A network that is not felt. */
export const calm: Conditions = { latencyMs: 0, jitterMs: 0, bytesPerSecond: Infinity, isDead: false };
