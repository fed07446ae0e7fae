import type { IncomingMessage } from "node:http";
import { ChatError, type CommandInput, type Handshake, type Identity, type User } from "@chat-widget/protocol";
import type { Authenticator, KnownUser } from "./authenticate.js";
import { type GuestIdentity, guestPrefix } from "./guest-identity.js";
import type { IdentityRecords } from "./identity-records.js";

interface IdentificationOptions {
  authenticator: Authenticator;
  /** Missing where no guests are welcome. */
  guests: GuestIdentity | undefined;
  /** Whether a guest who signs in goes on as the account. */
  linksGuests: boolean;
  records: IdentityRecords;
  /** A guest became an account: whoever is still there as the guest is to come anew. */
  onLinked(guestId: string): void;
}

/** Who a connection speaks for: whom the application knows, else a guest where guests are welcome. */
export class Identification {
  readonly #options: IdentificationOptions;

  constructor(options: IdentificationOptions) {
    this.#options = options;
  }

  /** @throws {ChatError} `unauthenticated`, or `forbidden` for a guest who is revoked */
  async identify(request: IncomingMessage, { token, guestToken, guestName }: Handshake): Promise<Identity> {
    const { authenticator, guests, linksGuests } = this.#options;
    const known = await authenticator.identify(request, token);
    if (known !== undefined) return this.#account(known, linksGuests ? guestToken : undefined);
    if (guests !== undefined) return settled(await this.#guest(guests, guestToken, guestName));
    throw new ChatError("unauthenticated", "unable to connect; the server does not know you and takes no guests");
  }

  /**
   * The same user anew, on a connection that is open.
   *
   * @throws {ChatError} `unauthenticated` when the application no longer knows them, `forbidden` when it knows someone else.
   */
  async again(request: IncomingMessage, user: User, { token, guestName }: CommandInput<"session:refresh">): Promise<Identity> {
    const { authenticator, guests } = this.#options;
    const known = await authenticator.identify(request, token);
    if (known === undefined && user.id.startsWith(guestPrefix) && guests !== undefined) return settled(await guests.rename(user, guestName));
    if (known === undefined) throw new ChatError("unauthenticated", "unable to refresh the session; the server does not know you any more");
    if (known.user.id !== user.id) throw new ChatError("forbidden", "unable to refresh the session; it belongs to another user, connect anew");
    return this.#account(known, undefined);
  }

  /** An account, and the guests it was before, the one of this token included. */
  async #account({ user, expiresAt, issuedAt }: KnownUser, guestToken: string | undefined): Promise<Identity> {
    const { guests, records, onLinked } = this.#options;
    const guest = await guests?.read(guestToken);
    if (guest !== undefined && (await records.link(guest.id, user.id))) onLinked(guest.id);
    const { revokedBefore = 0, formerIds = [] } = await records.read(user.id);
    if (issuedAt !== undefined && issuedAt < revokedBefore) throw new ChatError("unauthenticated", "unable to connect; what you came with was revoked, sign in again");
    const former = [...new Set([...(user.formerIds ?? []), ...formerIds])];
    return settled({ user: { ...user, ...(former.length > 0 && { formerIds: former }) }, ...(expiresAt !== undefined && { expiresAt }) });
  }

  /** The guest of a token, or a new one. One that became an account is there no more, not even for whoever uses the same browser next. */
  async #guest(guests: GuestIdentity, guestToken: string | undefined, guestName: string | undefined): Promise<Identity> {
    const guest = await guests.read(guestToken);
    const { revokedBefore, account } = guest === undefined ? {} : await this.#options.records.read(guest.id);
    if (guest !== undefined && revokedBefore !== undefined && guest.issuedAt < revokedBefore) throw new ChatError("forbidden", "unable to connect; this guest is not welcome any more");
    return guests.of(account === undefined ? guestToken : undefined, guestName);
  }
}

/** The application is told of the same object, and must not change who somebody is by changing it. */
function settled(identity: Identity): Identity {
  for (const part of [identity.user.roles, identity.user.formerIds, identity.user]) Object.freeze(part);
  return identity;
}
