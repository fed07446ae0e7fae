import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import * as z from "zod/mini";
import { parseCookie } from "cookie";
import { ChatError, type Role, User } from "@chat-widget/protocol";
import { type Clock, withDeadline } from "../clock.js";
import type { Logger, Report } from "../logger.js";
import { cleanName } from "./clean-name.js";
import { guestPrefix } from "./guest-identity.js";

/** What an {@link Authenticate} may look at. */
export interface AuthenticateRequest {
  /** The headers of the request that opened the connection. */
  headers: IncomingHttpHeaders;
  cookies: Record<string, string | undefined>;
  /** What the page's `getToken` gave. */
  token: string | undefined;
  /** The request itself, with whatever the middleware of `use` put on it, such as `session`. */
  request: IncomingMessage;
}

/** Who someone is, as the application knows them. */
export interface AuthenticatedUser {
  /** At most 128 characters; must not start with `guest:`. */
  id: string;
  name: string;
  /** An absolute http or https address. */
  avatarUrl?: string | undefined;
  /** `["member"]` when left out. */
  roles?: readonly Role[] | undefined;
  /** Ids under which they wrote before, at most 10: what these wrote counts as their own. The guests they were are added by the chat itself. */
  formerIds?: readonly string[] | undefined;
  /** Until when this is so, in milliseconds since 1970, as of a token or a session: the connection ends then, unless the client shows that it goes on. */
  expiresAt?: number | undefined;
  /** When the application last made sure of them, in milliseconds since 1970, as when it made their token; `revoke` looks at it. */
  issuedAt?: number | undefined;
}

/** A user, and for how long they are known. */
export interface KnownUser {
  user: User;
  expiresAt: number | undefined;
  issuedAt: number | undefined;
}

/**
 * Says who asks; `undefined` when the application does not know them. What it throws refuses them. Where that is not
 * meant, because a database is down, throw `new ChatError("unavailable", …)`: clients come back by themselves.
 */
export type Authenticate = (request: AuthenticateRequest) => AuthenticatedUser | undefined | null | Promise<AuthenticatedUser | undefined | null>;

/** The year 2001 in milliseconds; in seconds it is still far away. */
const leastMs = 1e12;
const Time = z.nullish(z.number().check(z.gte(leastMs)));
const Times = z.object({ expiresAt: Time, issuedAt: Time });

/** How long an `authenticate` may take. */
const deadlineMs = 10_000;

interface AuthenticatorOptions {
  authenticate: Authenticate | undefined;
  nameLength: number;
  clock: Clock;
  logger: Logger;
  report: Report;
}

/** Asks the application who someone is, and trusts neither what comes back nor that anything does. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /**
   * The user, or `undefined` when the application does not know them.
   *
   * @throws {ChatError} `unauthenticated` when the application refuses by throwing, `unavailable` when it takes too
   * long, `internal` when what it gives is not a user.
   */
  async identify(request: IncomingMessage, token: string | undefined): Promise<KnownUser | undefined> {
    const { authenticate, clock, logger } = this.#options;
    if (authenticate === undefined) return undefined;
    let given: unknown;
    try {
      const { headers } = request;
      const cookies = parseCookie(headers.cookie ?? "");
      const asked = (async () => authenticate({ headers, cookies, token, request }))();
      given = await withDeadline(clock, deadlineMs, asked, () => new ChatError("unavailable", "unable to authenticate; the check took too long"));
    } catch (error) {
      logger.warn({ err: error }, "refused a connection; `authenticate` threw");
      if (ChatError.is(error)) throw error;
      throw new ChatError("unauthenticated", "unable to authenticate; the application refused", { cause: error });
    }
    return given === undefined || given === null ? undefined : this.#read(given);
  }

  #read(given: unknown): KnownUser {
    const parsed = User.safeParse(typeof given === "object" ? { roles: ["member"], ...withoutUndefined(given) } : given);
    if (!parsed.success) throw this.#mistake(`what it gave is not a user: ${z.prettifyError(parsed.error)}`);
    if (parsed.data.id.startsWith(guestPrefix)) throw this.#mistake(`the id of a user must not start with \`${guestPrefix}\``);
    const name = cleanName(parsed.data.name, this.#options.nameLength);
    if (name === "") throw this.#mistake("there is nothing to see in the user's name");
    const times = Times.safeParse(given);
    if (!times.success) throw this.#mistake("`expiresAt` and `issuedAt` must be in milliseconds since 1970, and not in seconds");
    const { expiresAt, issuedAt } = times.data;
    if (typeof expiresAt === "number" && expiresAt <= this.#options.clock.now()) throw new ChatError("unauthenticated", "unable to authenticate; what the application knows of you has expired");
    return { user: { ...parsed.data, name }, expiresAt: typeof expiresAt === "number" ? Math.floor(expiresAt) : undefined, issuedAt: issuedAt ?? undefined };
  }

  /** What is wrong is for the operator's log; a visitor cannot mend it. */
  #mistake(reason: string): ChatError {
    const id = this.#options.report(new Error(`unable to use what \`authenticate\` gave; ${reason}`), "refused a connection; `authenticate` is mistaken");
    return new ChatError("internal", "unable to authenticate; the server made a mistake", { details: { id } });
  }
}

function withoutUndefined(given: object | null): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined && value !== null));
}
