import * as z from "zod/mini";
import { ifReadable } from "./if-readable.js";
import { openEnum } from "./open-enum.js";

/** What a caller can do about an error. It travels with it, so that an older client handles a newer code rightly. */
export const Retry = z.enum(["no", "same", "reauth", "reset"]);
export type Retry = z.infer<typeof Retry>;

/** Every code, what it means, and what to do: `same` ask again with the same id, `reauth` with a new token, `reset` from a new snapshot. */
export const errorCodes = {
  invalid: { retry: "no", meaning: "The input does not fit the contract; `details` names up to five places." },
  unauthenticated: { retry: "reauth", meaning: "The server does not know who asks, or the token is no longer good." },
  forbidden: { retry: "no", meaning: "The server knows who asks and does not allow it." },
  "not-found": { retry: "no", meaning: "There is no such thing, or the one who asks may not know of it." },
  conflict: { retry: "no", meaning: "The id was used for something else before, or the thing is no longer as expected." },
  "too-large": { retry: "no", meaning: "A limit of `session:ready` is exceeded." },
  "rate-limited": { retry: "same", meaning: "Asked too often; wait `retryAfterMs`." },
  "unsupported-version": { retry: "no", meaning: "Server and client have no protocol version in common; reload the page." },
  timeout: { retry: "same", meaning: "No answer came in time; the outcome is not known." },
  unavailable: { retry: "same", meaning: "The store or the connection is down, or the server is about to go away." },
  aborted: { retry: "same", meaning: "An earlier command of the same batch failed, so this one was not tried." },
  undeliverable: { retry: "no", meaning: "Made by the client: the connection broke each time this command was sent." },
  internal: { retry: "no", meaning: "The server made a mistake; its log has the cause under `details.id`." },
} as const satisfies Record<string, { retry: Retry; meaning: string }>;

export type ErrorCode = keyof typeof errorCodes;

const details = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]));

/**
 * A {@link ChatError} as it travels. An unknown code of a newer server is kept: `retry` says what to do, and an unknown
 * class of that is `no`. A wait or details that cannot be read are left out rather than losing the code.
 */
export const WireError = z.object({
  /** What went wrong; the documented codes are in docs/errors.md. */
  code: z.string().check(z.minLength(1), z.maxLength(64)),
  /** For developers: "unable to X; reason". */
  message: z.string(),
  /** What the caller can do about it. */
  retry: openEnum(Retry, "no"),
  /** Wait at least this long before asking again, in milliseconds. */
  retryAfterMs: ifReadable(z.number().check(z.nonnegative())),
  /** More, for developers. */
  details: ifReadable(details),
});
export type WireError = z.infer<typeof WireError>;

interface ChatErrorOptions {
  retryAfterMs?: number;
  details?: z.infer<typeof details>;
  cause?: unknown;
}

/** The one error of every door. `message` reads "unable to X; reason" and is for developers, not for visitors. */
export class ChatError extends Error {
  override readonly name = "ChatError";
  readonly code: ErrorCode | (string & {});
  readonly retry: Retry;
  /** Wait at least this long before asking again. */
  readonly retryAfterMs: number | undefined;
  readonly details: z.infer<typeof details> | undefined;

  constructor(code: ErrorCode, message: string, options?: ChatErrorOptions);
  constructor(wire: WireError);
  constructor(codeOrWire: ErrorCode | WireError, message?: string, options: ChatErrorOptions = {}) {
    const wire = typeof codeOrWire === "string" ? { code: codeOrWire, message: message ?? "", retry: errorCodes[codeOrWire].retry, ...options } : codeOrWire;
    super(wire.message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = wire.code;
    this.retry = wire.retry;
    this.retryAfterMs = wire.retryAfterMs;
    this.details = wire.details;
  }

  /** True for a ChatError of any copy of this package; one app may load both its ESM and its CommonJS build. */
  static is(value: unknown): value is ChatError {
    return value instanceof Error && value.name === "ChatError" && "retry" in value;
  }

  /** What travels: never the cause, never the stack. */
  toJSON(): WireError {
    const { code, message, retry, retryAfterMs, details } = this;
    return { code, message, retry, ...(retryAfterMs !== undefined && { retryAfterMs }), ...(details !== undefined && { details }) };
  }
}

/** Reads an error from the wire; anything else becomes `internal`. */
export function chatErrorFrom(raw: unknown): ChatError {
  const parsed = WireError.safeParse(raw);
  return parsed.success ? new ChatError(parsed.data) : new ChatError("internal", "unable to read the server's error; it does not fit the contract");
}
