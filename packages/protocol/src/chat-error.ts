import * as z from "zod/mini";
import { Retry, errorCodes, type ErrorCode } from "./error-codes.js";
import { ifReadable } from "./if-readable.js";
import { openEnum } from "./open-enum.js";

/** Plain facts for developers, by name. */
const details = z.looseObject({});

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
