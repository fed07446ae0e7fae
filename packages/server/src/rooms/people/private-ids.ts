import { createHmac } from "node:crypto";

/**
 * The ids of rooms that exist for certain people: always the same for the same people, and nobody else can tell them, so
 * that nobody is there before them.
 */
export class PrivateIds {
  readonly #secret: Uint8Array;

  /** `secret` is the store's own, which never leaves the server. */
  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  /** The room of two. */
  direct(userId: string, otherId: string): string {
    return this.#of("direct", [userId, otherId].toSorted());
  }

  /** The room of a visitor and those who moderate. */
  support(userId: string): string {
    return this.#of("support", [userId]);
  }

  #of(kind: string, userIds: readonly string[]): string {
    return `${kind}:${createHmac("sha256", this.#secret).update(JSON.stringify([kind, ...userIds])).digest("base64url")}`;
  }
}
