import type { IncomingMessage } from "node:http";
import { ChatError, type CommandInput, type Handshake, type Identity, type User } from "@chat-widget/protocol";
import type { Authenticator, KnownUser } from "./authenticate.js";
import { type GuestIdentity, guestPrefix } from "./guest-identity.js";

/** Who a connection speaks for: whom the application knows, else a guest where guests are welcome. */
export class Identification {
  readonly #authenticator: Authenticator;
  readonly #guests: GuestIdentity | undefined;

  /** Without `guests` none are welcome. */
  constructor(authenticator: Authenticator, guests: GuestIdentity | undefined) {
    this.#authenticator = authenticator;
    this.#guests = guests;
  }

  /** @throws {ChatError} `unauthenticated` */
  async identify(request: IncomingMessage, { token, guestToken, guestName }: Handshake): Promise<Identity> {
    const known = await this.#authenticator.identify(request, token);
    if (known !== undefined) return settled(identityOf(known));
    if (this.#guests !== undefined) return settled(await this.#guests.of(guestToken, guestName));
    throw new ChatError("unauthenticated", "unable to connect; the server does not know you and takes no guests");
  }

  /**
   * The same user anew, on a connection that is open.
   *
   * @throws {ChatError} `unauthenticated` when the application no longer knows them, `forbidden` when it knows someone else.
   */
  async again(request: IncomingMessage, user: User, { token, guestName }: CommandInput<"session:refresh">): Promise<Identity> {
    const known = await this.#authenticator.identify(request, token);
    if (known === undefined && user.id.startsWith(guestPrefix) && this.#guests !== undefined) return settled(await this.#guests.rename(user, guestName));
    if (known === undefined) throw new ChatError("unauthenticated", "unable to refresh the session; the server does not know you any more");
    if (known.user.id !== user.id) throw new ChatError("forbidden", "unable to refresh the session; it belongs to another user, connect anew");
    return settled(identityOf(known));
  }
}

function identityOf({ user, expiresAt }: KnownUser): Identity {
  return { user, ...(expiresAt !== undefined && { expiresAt }) };
}

/** The application is told of the same object, and must not change who somebody is by changing it. */
function settled(identity: Identity): Identity {
  Object.freeze(identity.user.roles);
  Object.freeze(identity.user);
  return identity;
}
