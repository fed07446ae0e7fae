import { randomUUID } from "node:crypto";
import { type JWTPayload, SignJWT, jwtVerify } from "jose";
import type { Identity, User } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import { cleanName } from "./clean-name.js";
import { guestName } from "./guest-names.js";
import { tokenSpelling } from "./token-spelling.js";

/** Every guest's id starts with this, and nobody else's does. */
export const guestPrefix = "guest:";

const lifetimeDays = 180;
/** Says what the token is for, so that nothing else that is ever signed with the same secret passes for one. */
const audience = "chat-widget:guest";

interface GuestOptions {
  /** Signs; 32 bytes that only the store knows. */
  secret: Uint8Array;
  nameLength: number;
  clock: Clock;
  random: () => number;
}

/** Gives people without an account an identity that lasts: a signed token that they keep and show again. */
export class GuestIdentity {
  readonly #options: GuestOptions;

  constructor(options: GuestOptions) {
    this.#options = options;
  }

  /** Whose token it is and when it was made, in milliseconds since 1970; undefined when it is not ours or too old. */
  async read(token: string | undefined): Promise<{ id: string; issuedAt: number } | undefined> {
    const known = token === undefined ? undefined : await this.#verify(token);
    return known?.sub === undefined ? undefined : { id: known.sub, issuedAt: (known.iat ?? 0) * 1_000 };
  }

  /** The guest of an earlier token, or a new one when there is none or it is not ours or too old. */
  async of(token: string | undefined, wantedName: string | undefined): Promise<Identity> {
    const known = token !== undefined ? await this.#verify(token) : undefined;
    const name = this.#clean(wantedName) || this.#clean(known?.["name"]) || guestName(this.#options.random);
    return this.#sign({ id: known?.sub ?? `${guestPrefix}${randomUUID()}`, name, roles: ["guest"] });
  }

  /** The same guest by another name; by the same name when nothing can be seen of the new one. */
  rename(user: User, wantedName: string | undefined): Promise<Identity> {
    return this.#sign({ ...user, name: this.#clean(wantedName) || user.name });
  }

  #clean(name: unknown): string {
    return typeof name === "string" ? cleanName(name, this.#options.nameLength) : "";
  }

  async #sign(user: User): Promise<Identity> {
    const now = Math.floor(this.#options.clock.now() / 1_000);
    const guestToken = await new SignJWT({ name: user.name })
      .setProtectedHeader({ alg: "HS256" })
      .setSubject(user.id)
      .setAudience(audience)
      .setIssuedAt(now)
      .setExpirationTime(now + lifetimeDays * 86_400)
      .sign(this.#options.secret);
    return { user, guestToken };
  }

  async #verify(token: string): Promise<JWTPayload | undefined> {
    if (!tokenSpelling.test(token)) return undefined;
    try {
      const { payload } = await jwtVerify(token, this.#options.secret, {
        algorithms: ["HS256"],
        audience,
        requiredClaims: ["sub", "exp"],
        currentDate: new Date(this.#options.clock.now()),
      });
      return payload.sub?.startsWith(guestPrefix) ? payload : undefined;
    } catch {
      // Forged, expired or of another store: its bearer is a new guest, which needs nobody's attention.
      return undefined;
    }
  }
}
