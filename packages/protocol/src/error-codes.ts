import * as z from "zod/mini";

/** What a caller can do about an error. It travels with it, so that an older client handles a newer code rightly. */
export const Retry = z.enum(["no", "same", "reauth", "reset"]);
export type Retry = z.infer<typeof Retry>;

/**
 * Every code and what to do about it: `no` do not ask again, `same` ask the same again with the same id,
 * `reauth` with a new token, `reset` from a new snapshot.
 */
export const errorCodes = {
  /**
   * The input does not fit the contract.
   * @madeBy server, client
   * @remedy Mend the call; `details` names up to five places that do not fit.
   */
  invalid: { retry: "no" },
  /**
   * The server does not know who asks, or the token is no longer good.
   * @madeBy server
   * @remedy Get a new token and send `session:refresh`, or connect again with it; what was asked is kept and asked again.
   */
  unauthenticated: { retry: "reauth" },
  /**
   * The server knows who asks and does not allow it.
   * @madeBy server
   * @remedy Look at `permissions` in the answer to `room:join` before offering the action.
   */
  forbidden: { retry: "no" },
  /**
   * The user, or the address they come from, may not take part in the chat.
   * @madeBy server
   * @remedy Show it and stop. `details.until` is when it ends, in milliseconds since 1970; there is none when it does not end.
   */
  banned: { retry: "no" },
  /**
   * The rules of the application refuse what was written.
   * @madeBy server
   * @remedy Show `details.reason`, which is in words for the user, and let them write it differently.
   */
  refused: { retry: "no" },
  /**
   * There is no such thing, or the one who asks may not know of it.
   * @madeBy server
   * @remedy Read the room again; the thing may have been removed.
   */
  "not-found": { retry: "no" },
  /**
   * The id was used for something else before, or the thing is no longer as expected.
   * @madeBy server
   * @remedy Read the thing again and ask with a new id.
   */
  conflict: { retry: "no" },
  /**
   * A limit is exceeded: one of `session:ready`, or one that only the server knows.
   * @madeBy server, client
   * @remedy Send less; compare with `limits` before sending. `details.limit` is the number allowed.
   */
  "too-large": { retry: "no" },
  /**
   * Asked too often, or more than can wait to be sent.
   * @madeBy server, client
   * @remedy Wait `retryAfterMs`, then ask the same again.
   */
  "rate-limited": { retry: "same" },
  /**
   * Server and client have no protocol version in common.
   * @madeBy server
   * @remedy Reload the page to get a newer client, or update the older side.
   */
  "unsupported-version": { retry: "no" },
  /**
   * No answer came in time; the outcome is not known.
   * @madeBy client
   * @remedy Ask the same again with the same id; it has one effect however often it is asked.
   */
  timeout: { retry: "same" },
  /**
   * The store or the connection is down, or the server is about to go away.
   * @madeBy server, client
   * @remedy Wait `retryAfterMs`, or a moment, then ask the same again.
   */
  unavailable: { retry: "same" },
  /**
   * An earlier command of the same batch failed, so this one was not tried.
   * @madeBy server
   * @remedy Ask the same again after the earlier one.
   */
  aborted: { retry: "same" },
  /**
   * The connection broke each time this command was sent.
   * @madeBy client
   * @remedy Show it as failed and let the user send it again or discard it.
   */
  undeliverable: { retry: "no" },
  /**
   * The server made a mistake.
   * @madeBy server
   * @remedy Look for `details.id` in the server's log, which has the cause.
   */
  internal: { retry: "no" },
} as const satisfies Record<string, { retry: Retry }>;

/** A documented code; a newer server may send others. */
export type ErrorCode = keyof typeof errorCodes;
